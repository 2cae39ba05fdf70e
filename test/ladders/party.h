// One user agent of a ladder: writes what its line says, remembers what it needs for the next
// message, and says whether a message is what its line expects. Deliberately independent of
// core/leg and core/transaction: a second opinion on the protocol.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::ladder {

// The words of a line, taken apart.
struct Wish {
  std::string what;    // "INVITE", "200", "again", "raw", ...
  std::string number;  // request: user part; again: label
  std::map<std::string, std::string> options;          // "from" -> "3312345", "sdp" -> "A"
  std::vector<std::pair<std::string, std::string>> list;  // repeatable: header, has, no
  bool has(const std::string& option) const { return options.count(option) != 0; }
  std::string get(const std::string& option) const;
  bool is_response() const;
};
// "" or what is wrong with the words.
std::string read_wish(const std::vector<std::string>& words, Wish& wish);

std::string session(const std::string& name, const std::string& host);  // SDP called `name`

class Party {
 public:
  Party(std::string name, std::string address, std::string switch_address);

  // The bytes this wish puts on the wire; sets `error` when it cannot be written.
  std::string write(const Wish& wish, std::string& error);
  // "" when `bytes` is what the wish expects; learns from it.
  std::string check(const Wish& wish, const std::string& bytes);
  bool owns(const std::string& bytes) const;   // its Call-ID
  bool fresh() const { return call_id_.empty(); }

 private:
  std::string request(const Wish& wish, std::string& error);
  std::string response(const Wish& wish, std::string& error);
  void learn(const std::string& bytes);

  std::string name_, address_, switch_address_;
  std::string call_id_, local_tag_, remote_tag_, local_uri_, remote_uri_, target_, routes_;
  std::uint32_t cseq_ = 0;
  std::uint32_t invite_cseq_ = 0;
  std::string invite_branch_, invite_uri_;
  std::string last_rack_;
  std::uint32_t rseq_ = 0;
  int branch_ = 0;
  bool caller_ = false;
  std::map<std::string, std::string> received_;   // last request by method
  std::string last_request_;                      // method of the last request received
  std::map<std::string, std::string> sent_;       // last bytes by label
  std::map<std::string, std::string> got_;        // last bytes received by label
  std::map<std::string, std::string> tags_;       // names given to To tags
};

// First value of a header of raw bytes; "" when absent.
std::string header_of(const std::string& bytes, const std::string& name);
std::string label_of(const std::string& bytes);  // "INVITE", "200 INVITE"

}  // namespace tandem::ladder
