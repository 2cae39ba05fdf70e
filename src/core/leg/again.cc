#include "core/leg/again.h"

#include <algorithm>

#include "base/text.h"

namespace tandem::leg {
namespace {

using sip::HeaderId;

void write_via(sip::Writer& writer, std::string_view value, std::string_view branch) {
  constexpr std::string_view kBranch = ";branch=";
  const std::size_t at = value.find(kBranch);
  const std::size_t end = value.find(';', at + kBranch.size());
  writer.header(HeaderId::Via,
                {value.substr(0, at), kBranch, branch,
                 end == std::string_view::npos ? std::string_view{} : value.substr(end)});
}

// The options of Supported without one of them; the header is left out when none remains.
void write_supported(sip::Writer& writer, std::string_view value, std::string_view without) {
  bool begun = false;
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    const std::string_view option = trim(value.substr(0, comma));
    value = comma == std::string_view::npos ? std::string_view{} : value.substr(comma + 1);
    if (option.empty() || option == without) continue;
    if (begun) {
      writer.text(", ");
    } else {
      writer.begin_header(HeaderId::Supported);
    }
    writer.text(option);
    begun = true;
  }
  if (begun) writer.end_header();
}

}  // namespace

void write_again(sip::Writer& writer, std::string_view request, const Again& again) {
  std::size_t begin = request.find("\r\n") + 2;
  writer.raw(request.substr(0, begin));
  bool topmost = true;
  std::string_view type;
  while (true) {
    const std::size_t end = request.find("\r\n", begin);
    if (end == std::string_view::npos || end == begin) break;
    const std::string_view line = request.substr(begin, end + 2 - begin);
    begin = end + 2;
    const std::size_t colon = line.find(':');
    const std::string_view value = trim(line.substr(colon + 1));
    const HeaderId id = sip::header_id(line.substr(0, colon));
    if (std::find(again.without.begin(), again.without.end(), id) != again.without.end()) continue;
    switch (id) {
      case HeaderId::Via:
        if (topmost) {
          write_via(writer, value, again.branch);
        } else {
          writer.raw(line);
        }
        topmost = false;
        break;
      case HeaderId::CSeq:
        writer.begin_header(HeaderId::CSeq);
        writer.number(again.cseq);
        writer.text(value.substr(value.find(' ')));
        writer.end_header();
        break;
      case HeaderId::Supported:
        write_supported(writer, value, again.not_supported);
        break;
      case HeaderId::ContentType:
        type = value;
        break;
      case HeaderId::ContentLength:
        break;
      default:
        writer.raw(line);
        break;
    }
  }
  writer.raw(again.lines);
  if (!type.empty()) writer.header(HeaderId::ContentType, type);
  const std::size_t body = request.find("\r\n\r\n");
  writer.finish(body == std::string_view::npos ? std::string_view{} : request.substr(body + 4));
}

}  // namespace tandem::leg
