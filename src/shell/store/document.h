// The JSON forms of what is configured: documents of `apply` and `export`, bodies of the API.
// Texts must be UTF-8; nesting and numbers no field can hold become values that validation refuses.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "core/directory/entity_rows.h"
#include "shell/store/config_store.h"

namespace tandem::store {

struct JsonFault {
  std::string sentence;  // "line 3, column 7: expected a comma"; "egress_gateways must be a list"
};

// {"egress_gateways":[{"name":"south",...},...],"parameters":{"SS_SIP_SESSION_TTL":600}}. Unknown
// names of sections are kept for apply() to refuse.
Result<Document, JsonFault> read_document(std::string_view json);
// Indented, one field per line; ends with a line break.
std::string write_document(const Document& document);

// One object: {"name":"south","priority":1}
Result<directory::Fields, JsonFault> read_fields(std::string_view json);
// Any value: "[5060]", "true".
Result<directory::Value, JsonFault> read_value(std::string_view json);
std::string write_value(const directory::Value& value);  // in one line
std::string write_fields(const directory::Fields& fields);
// All fields of an entity, by the rows of its resource.
std::string write_record(const directory::ResourceRow& resource, const directory::Record& record,
                         Secrets secrets = Secrets::Hide);

}  // namespace tandem::store
