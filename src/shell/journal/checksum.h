// CRC-32C (Castagnoli polynomial, RFC 3720 appendix B.4): the checksum of journal records.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tandem::journal {

// Continues `checksum` over `size` bytes; start with 0. By the processor's instruction where it has
// one, by table otherwise: both give the same.
std::uint32_t crc32c(std::uint32_t checksum, const void* data, std::size_t size);

// The same, always by table.
std::uint32_t crc32c_by_table(std::uint32_t checksum, const void* data, std::size_t size);

}  // namespace tandem::journal
