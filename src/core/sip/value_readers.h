// Readers of the header values that every message has: they leave the cursor behind the value, so
// that a list is read without cutting it first. On failure what was read before the fault stays.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/sip/characters.h"
#include "core/sip/message.h"

namespace tandem::sip {

// Each stops at the end of the text or at the comma behind the value.
bool read_via(Cursor& cursor, Via& via);
// Without `uri` the text in the place of the URI is taken as it is.
bool read_name_address(Cursor& cursor, NameAddress& address, Uri* uri);
bool read_cseq(Cursor& cursor, CSeq& cseq);

// The whole text as a URI.
bool read_uri(std::string_view text, Uri& uri);
// Index of the ")" that closes the comment `text` begins with; npos when there is none.
std::size_t end_of_comment(std::string_view text);

}  // namespace tandem::sip
