// A SIP message as the ladders read and write it: plain strings, no help from core/sip, so that the
// switch is checked against a second opinion.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tandem::ladder {

class MessageText {
 public:
  MessageText() = default;
  explicit MessageText(const std::string& bytes);  // fault() tells when they are no message

  std::string start;
  std::vector<std::pair<std::string, std::string>> headers;  // name, value, in order
  std::string body;

  std::string bytes() const;
  const std::string& fault() const { return fault_; }

  bool is_response() const { return start.rfind("SIP/2.0 ", 0) == 0; }
  int status() const;                                 // 0 for requests
  std::string method() const;                         // of a response: that of its CSeq
  std::string uri() const;                            // Request-URI
  std::string label() const;                          // "INVITE", "200 INVITE"
  std::string header(const std::string& name) const;  // first value; "" when absent
  std::vector<std::string> all(const std::string& name) const;
  bool has(const std::string& name) const { return !all(name).empty(); }
  std::uint32_t cseq() const;
  std::string call_id() const { return header("Call-ID"); }
  std::string from_tag() const;
  std::string to_tag() const;
  std::string branch() const;  // of the topmost Via
  std::string head() const;    // everything but the body

  void add(const std::string& name, const std::string& value) { headers.emplace_back(name, value); }
  void set(const std::string& name, const std::string& value);  // instead of all of that name
  void remove(const std::string& name);

 private:
  std::string fault_;
};

bool same_name(const std::string& a, const std::string& b);  // of headers
std::string parameter_of(const std::string& value, const std::string& name);
std::string without_parameter(const std::string& value, const std::string& name);
std::string uri_in(const std::string& address);  // of a From, To, Contact, Route value
std::string user_in(const std::string& uri);
std::string host_of(const std::string& host_port);  // IPv6 without brackets

// Session description called `name`: "A", "A-hold", "A-fax", "A-g729", "A-inactive".
std::string session(const std::string& name, const std::string& host);
std::string name_of_session(const std::string& body);  // "" when it is none

}  // namespace tandem::ladder
