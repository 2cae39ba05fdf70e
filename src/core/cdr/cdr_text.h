// Call detail records as text: one JSON object per line (RFC 8259), or CSV (RFC 4180). Bytes that
// are no UTF-8 (peers send what they like) become U+FFFD, so that the output always is.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/cdr/cdr_fields.h"

namespace tandem::cdr {

// Appends one JSON object without a line end. Absent values are null.
void append_json(std::string& out, const Cdr& cdr);
void append_json(std::string& out, const CdrValues& values);
// Appends the JSON array of the attempts, as it stands in the column `attempts`.
void append_json(std::string& out, const std::vector<Attempt>& attempts);

// Append one line each, ended by CR LF. Absent values are empty; the list is its JSON text.
void append_csv_header(std::string& out);
void append_csv(std::string& out, const Cdr& cdr);
void append_csv(std::string& out, const CdrValues& values);

// Appends `text` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace tandem::cdr
