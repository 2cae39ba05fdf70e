// What the operations on the configuration share: bodies on their way in, errors on their way out,
// and the news for the exchange.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "shell/api/operation.h"
#include "shell/store/config_store.h"

namespace tandem::api {

// A refused change as a problem; the status says what kind of refusal it is.
http::Response problem_of(const store::ConfigError& error);

// 415 unless the body is, or does not say what it is, JSON.
std::optional<http::Response> refuse_body_type(const http::Request& request);

// Requires the configuration mutex. The entity in the path: by its id when it is one, else by its
// name: names may be digits too.
Result<store::StoredEntity, store::ConfigError> find_entity(Desk& desk, const Visit& visit);

// Who asks, by what, and why: X-Operator or the user of the token; the command line says of itself
// in User-Agent that it is (RFC 9110 §10.1.5); the comment is in the query.
store::Author author_of(const Desk& desk, const Visit& visit);
store::Author author_of(const Desk& desk, const Visit& visit, store::Origin origin);

// Requires the configuration mutex. Compiles what is stored and gives it to the exchange; a problem
// when that fails.
std::optional<http::Response> publish(Desk& desk);

// The members of a change: "change":7,"time":...
void append_change(std::string& out, const store::ChangeHead& change);

http::Response json_response(std::string body, int status = 200);

}  // namespace tandem::api
