#include "ladders/message_text.h"

#include <algorithm>
#include <cctype>

namespace tandem::ladder {

bool same_name(const std::string& a, const std::string& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return std::tolower(static_cast<unsigned char>(x)) ==
                  std::tolower(static_cast<unsigned char>(y));
         });
}

MessageText::MessageText(const std::string& bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) {
    fault_ = "has no end of headers";
    return;
  }
  body = bytes.substr(end + 4);
  std::size_t at = bytes.find("\r\n");
  start = bytes.substr(0, at);
  while (at < end) {
    at += 2;
    const std::size_t next = bytes.find("\r\n", at);
    const std::string line = bytes.substr(at, next - at);
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) {
      fault_ = "has a header line without a colon: " + line;
      return;
    }
    const std::size_t value = line.find_first_not_of(' ', colon + 1);
    headers.emplace_back(line.substr(0, colon),
                         value == std::string::npos ? "" : line.substr(value));
    at = next;
  }
}

std::string MessageText::head() const {
  std::string text = start + "\r\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  return text;
}

std::string MessageText::bytes() const { return head() + "\r\n" + body; }

int MessageText::status() const { return is_response() ? std::stoi(start.substr(8, 3)) : 0; }

std::string MessageText::method() const {
  if (!is_response()) return start.substr(0, start.find(' '));
  const std::string value = header("CSeq");
  return value.substr(std::min(value.size(), value.find(' ') + 1));
}

std::string MessageText::uri() const {
  const std::size_t begin = start.find(' ') + 1;
  return start.substr(begin, start.find(' ', begin) - begin);
}

std::string MessageText::label() const {
  return is_response() ? start.substr(8, 3) + " " + method() : method();
}

std::vector<std::string> MessageText::all(const std::string& name) const {
  std::vector<std::string> values;
  for (const auto& [known, value] : headers) {
    if (same_name(known, name)) values.push_back(value);
  }
  return values;
}

std::string MessageText::header(const std::string& name) const {
  const auto values = all(name);
  return values.empty() ? "" : values.front();
}

std::uint32_t MessageText::cseq() const {
  const std::string value = header("CSeq");
  const bool number = !value.empty() && std::isdigit(static_cast<unsigned char>(value[0])) != 0;
  return number ? std::uint32_t(std::stoul(value)) : 0;
}

std::string MessageText::from_tag() const { return parameter_of(header("From"), "tag"); }
std::string MessageText::to_tag() const { return parameter_of(header("To"), "tag"); }
std::string MessageText::branch() const { return parameter_of(header("Via"), "branch"); }

void MessageText::remove(const std::string& name) {
  std::erase_if(headers, [&](const auto& header) { return same_name(header.first, name); });
}

void MessageText::set(const std::string& name, const std::string& value) {
  for (auto& [known, old] : headers) {
    if (!same_name(known, name)) continue;
    old = value;
    return;
  }
  add(name, value);
}

namespace {

// Where the parameters of an address begin: after <...>, else at the first semicolon.
std::size_t parameters_at(const std::string& value) {
  const std::size_t close = value.rfind('>');
  return value.find(';', close == std::string::npos ? 0 : close);
}

}  // namespace

std::string parameter_of(const std::string& value, const std::string& name) {
  const std::string wanted = ";" + name + "=";
  const std::size_t from = parameters_at(value);
  if (from == std::string::npos) return "";
  const std::size_t at = value.find(wanted, from);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + wanted.size();
  return value.substr(begin, value.find_first_of(";,> ", begin) - begin);
}

std::string without_parameter(const std::string& value, const std::string& name) {
  const std::size_t from = parameters_at(value);
  if (from == std::string::npos) return value;
  std::size_t at = value.find(";" + name, from);
  while (at != std::string::npos) {
    const std::size_t after = at + name.size() + 1;
    if (after == value.size() || value[after] == '=' || value[after] == ';') {
      const std::size_t end = value.find(';', after);
      return value.substr(0, at) + (end == std::string::npos ? "" : value.substr(end));
    }
    at = value.find(";" + name, after);
  }
  return value;
}

std::string uri_in(const std::string& address) {
  const std::size_t open = address.find('<');
  if (open == std::string::npos) return address.substr(0, address.find(';'));
  return address.substr(open + 1, address.find('>', open) - open - 1);
}

std::string user_in(const std::string& uri) {
  const std::size_t at = uri.find('@');
  if (uri.rfind("sip:", 0) != 0 || at == std::string::npos) return "";
  return uri.substr(4, at - 4);
}

std::string host_of(const std::string& host_port) {
  if (host_port[0] == '[') return host_port.substr(1, host_port.find(']') - 1);
  return host_port.substr(0, host_port.find(':'));
}

std::string session(const std::string& name, const std::string& host) {
  const auto holds = [&](const char* part) { return name.find(part) != std::string::npos; };
  const std::string where = (host.find(':') != std::string::npos ? "IN IP6 " : "IN IP4 ") + host;
  std::string media;
  if (holds("-fax")) {
    media = "m=image 30000 udptl t38\r\na=T38FaxVersion:0\r\n";
  } else if (holds("-g729")) {
    media = "m=audio 30000 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n";
  } else {
    media =
        "m=audio 30000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"
        "a=rtpmap:101 telephone-event/8000\r\n";
  }
  if (holds("-hold")) media += "a=sendonly\r\n";
  if (holds("-inactive")) media += "a=inactive\r\n";
  return "v=0\r\no=- 1 1 " + where + "\r\ns=" + name + "\r\nc=" + where + "\r\nt=0 0\r\n" + media;
}

std::string name_of_session(const std::string& body) {
  const std::size_t at = body.find("\r\ns=");
  if (body.rfind("v=0\r\n", 0) != 0 || at == std::string::npos) return "";
  return body.substr(at + 4, body.find("\r\n", at + 4) - at - 4);
}

}  // namespace tandem::ladder
