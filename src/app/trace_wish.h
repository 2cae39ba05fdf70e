// The options that say which messages are wanted, made from the rows of a wish.
#pragma once

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "shell/http/message.h"

namespace tandem::app {

struct WishOptions {
  std::map<std::string, std::string> texts;  // by the names of the API
  std::map<std::string, bool> flags;
};

void add_wish_options(CLI::App& command, WishOptions& options);

// As the API takes them, by name.
http::Fields fields_of(const WishOptions& options);

// The wish of a debug trace in one line: "gateway=south status=422"
std::string wish_text(const boost::json::object& trace);

// "90s", "10m", "1h", "45" (seconds)
std::optional<std::chrono::seconds> parse_duration(const std::string& text);

}  // namespace tandem::app
