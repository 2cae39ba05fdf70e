// One half of a call as the switch meets it from outside: a small user agent of its own making,
// with plain text handling and no help from core. Here: transactions, the dialog, and what both
// sides do in the middle of a call. How a call is begun and answered is in caller.h and callee.h.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/draw.h"
#include "sim/host.h"
#include "sim/plan.h"
#include "sim/wire.h"

namespace tandem::sim {

class Party {
 public:
  Party(Stage& stage, Host& host, std::string number, std::string side, Draw draw);
  virtual ~Party() = default;
  Party(const Party&) = delete;
  Party& operator=(const Party&) = delete;

  void receive(const wire::Text& text);
  void overhear(const wire::Text& answer);  // sent to it, and perhaps lost
  virtual void finish() = 0;  // the faults are over: come to an end

  const std::string& number() const { return number_; }
  bool confirmed() const { return confirmed_; }
  bool over() const { return over_; }
  bool dead() const { return dead_; }

 protected:
  // A request of ours that waits for its final answer.
  struct Asked {
    std::string method, branch, bytes, from;
    std::uint32_t cseq = 0;
    Nature nature = Nature::Proper;
    bool provisional = false;
    bool done = false;
    bool refresh = false;        // of the session timer
    std::optional<Deed> deed{};  // to be done again after glare
    milliseconds wait{500};
    Instant until{};
  };
  // A final answer to an INVITE that waits for its ACK.
  struct Accepted {
    std::string branch, bytes, tag;
    std::uint32_t cseq = 0;
    bool success = false;
    bool acknowledged = false;
    milliseconds wait{500};
    Instant until{};
  };
  // Where a request in a dialog goes.
  struct Dialog {
    std::string remote_tag, target;
    std::vector<std::string> routes = {};
  };

  // Its session timer, as it understands the 2xx it sent or got.
  struct Clock {
    int interval = 0;        // seconds; 0 = none
    bool ours = false;       // this party refreshes
    std::uint64_t turn = 0;  // counts what was agreed: what was planned before is void
    bool glared = false;     // our last answer to a refresh was a drawn 491
  };

  // --- messages (party.cc) ---
  std::vector<wire::Line> head(const std::string& method, const std::string& branch,
                               std::uint32_t cseq, const std::string& to_tag) const;
  wire::Line contact() const;
  std::string session(bool hold = false);
  std::size_t ask(const std::string& method, const Dialog& dialog, std::vector<wire::Line> more,
                  const std::string& body, Nature nature = Nature::Proper);
  void launch(Asked asked);  // sends it, and again until it is answered
  void acknowledge(const Dialog& dialog, std::uint32_t cseq, const std::string& body,
                   Nature nature = Nature::Proper);
  void acknowledge_refusal(const Asked& asked, const wire::Text& answer);
  std::string tell(const wire::Text& request, int status, const std::string& tag,
                   std::vector<wire::Line> more, const std::string& body,
                   Nature nature = Nature::Proper);
  void await_ack(const wire::Text& request, const std::string& bytes, const std::string& tag,
                 bool success);
  void check_session(const wire::Text& text);
  void broken(std::string_view law, const std::string& detail) {
    stage_.broken(law, detail, number_);
  }

  // --- in the call (in_call.cc) ---
  void begin_talk(const std::optional<milliseconds>& talk, const std::vector<DeedAt>& deeds,
                  const Replies& replies);
  void hang_up();
  bool modifying() const;
  virtual bool knows_tag(const std::string& tag) const { return tag == local_tag_; }

  // --- session timer (refreshing.cc) ---
  wire::Line allow() const;
  // Lines of a 2xx to this request; the timer they tell of begins.
  std::vector<wire::Line> grant(const wire::Text& request);
  int refusal(const wire::Text& request) const;  // Min-SE of a 422 to it; 0 = none
  void take_grant(const wire::Text& request, const wire::Text& response);
  std::vector<wire::Line> timer_lines() const;  // of a request in the dialog

  // --- of the side ---
  virtual void on_invite(const wire::Text& invite) = 0;  // initial
  virtual void on_cancel(const wire::Text& cancel) = 0;
  virtual void on_prack(const wire::Text& prack) = 0;
  virtual void on_initial_response(Asked& invite, const wire::Text& response) = 0;
  virtual void on_acknowledged(Accepted& accepted, const wire::Text& ack);
  virtual void on_silence(const Asked& asked);  // no answer came in time

  Stage& stage_;
  Host& host_;
  std::string number_;  // of the called party: names the call all over the world
  std::string side_;    // "caller", "callee"
  Draw draw_;
  std::string call_id_;
  std::string local_, remote_;  // From and To values without tags
  std::string local_tag_;
  std::uint32_t local_cseq_ = 0;
  Dialog dialog_{};
  bool confirmed_ = false;  // a dialog stands
  bool over_ = false;
  bool record_routes_ = false;
  bool two_vias_ = false;
  bool dead_ = false;  // silently: nobody is told
  TimerPlan timer_{};
  Replies replies_{};
  std::deque<Asked> asked_;
  std::size_t initial_ = 0;  // place of the initial INVITE, of a caller
  std::deque<Accepted> accepted_;
  std::vector<std::string> sent_;  // a few of the messages, for mischief

 private:
  void on_response(const wire::Text& response);
  void on_request(const wire::Text& request);
  void on_ack(const wire::Text& ack);
  bool ignores(const std::string& method) const;
  void on_modify(const wire::Text& request);
  void answer_modify(const wire::Text& request, bool unchanged);
  void on_modify_response(Asked& asked, const wire::Text& response);
  void check_response(const Asked& asked, const wire::Text& response);
  void check_request(const wire::Text& request);
  void again(std::size_t index);
  void again_accepted(std::size_t index);
  void act(Deed deed);
  void die();
  void plan_clock();
  void on_clock(std::uint64_t turn, Instant when);
  void refresh();
  milliseconds glare_pause();
  void on_refresh_response(const Asked& asked, const wire::Text& response);
  void put(const std::string& bytes, Nature nature);

  std::map<std::string, std::string>
      told_;  // last answer by branch and method; "" = none yet, or never
  std::map<std::string, std::uint32_t> heard_;  // highest CSeq by our tag
  std::set<std::string> peer_tags_;             // of all its dialogs, early ones too
  int version_ = 0;
  Clock clock_{};
  bool keeps_session_ = false;                // it answers refreshes as the standards say
  std::string said_session_, heard_session_;  // the last ones
  bool unchanged_ = false;                    // it said the same as the one before
};

}  // namespace tandem::sim
