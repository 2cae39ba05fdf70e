// Every symptom with prepared data: what brings it, and what does not.
#include <gtest/gtest.h>

#include <set>

#include "shell/doctor/symptoms.h"

namespace tandem::doctor {
namespace {

struct Patient : Facts {
  Patient() { until = from_epoch_milliseconds(1'769'860'800'000); }

  Patient& ended(const std::string& reason, std::int64_t hold, std::uint64_t count,
                 const std::string& to = "south") {
    calls.groups.push_back({.caller_gateway = "north",
                            .callee_gateway = to,
                            .end_reason = reason,
                            .end_side = "switch",
                            .hold = hold,
                            .calls = count});
    calls.calls += count;
    return *this;
  }
  // Calls as they are: some of every length.
  Patient& healthy() {
    for (std::int64_t hold = 0; hold < 1000; ++hold) ended("caller_hangup", hold, 2);
    return *this;
  }
  Device& device(const std::string& name) {
    devices.push_back({.name = name, .legs = 20});
    devices.back().abilities = {.supported = "timer", .allow = "INVITE", .since = until - 600s};
    return devices.back();
  }
  std::vector<Finding> findings(std::string_view symptom) const {
    std::vector<Finding> found = examine(*this);
    std::erase_if(found, [symptom](const Finding& each) { return each.symptom != symptom; });
    return found;
  }
};

bool says(const std::vector<Finding>& findings, std::string_view part) {
  for (const Finding& each : findings) {
    if ((each.found + ' ' + each.advice).find(part) != std::string::npos) return true;
  }
  return false;
}

TEST(Doctor, finds_nothing_where_nothing_is) {
  Patient patient;
  patient.healthy().device("south");

  EXPECT_TRUE(examine(patient).empty());
  EXPECT_TRUE(examine(Facts{}).empty());
}

TEST(Doctor, knows_each_symptom_of_the_specification_once) {
  std::set<std::string_view> codes;
  for (const Symptom& symptom : all_symptoms()) {
    EXPECT_FALSE(symptom.symptom.empty() || symptom.looked_at.empty());
    codes.insert(symptom.code);
  }
  EXPECT_EQ(codes.size(), 9u);
}

TEST(Doctor, missing_acks_are_told_with_the_nat_behind_them) {
  Patient patient;
  patient.healthy().ended("ack_timeout", 32, 12);
  patient.calls.unacknowledged.push_back({.flow_no = 1,
                                          .caller_gateway = "north",
                                          .callee_gateway = "south",
                                          .caller_ip = "203.0.113.7:5060",
                                          .caller_rtp_ip = "192.168.1.7:4000",
                                          .callee_ip = "",
                                          .callee_rtp_ip = ""});

  const auto found = patient.findings("drops_after_30_seconds");

  ASSERT_GE(found.size(), 1u);
  EXPECT_EQ(found[0].gateway, "north");
  EXPECT_TRUE(says(found, "12 of 2012 answered calls of north ended as ack_timeout"));
  EXPECT_TRUE(says(found, "not the session timer"));
  EXPECT_TRUE(says(found, "NAT or ALG: private Contact behind public source"));
}

TEST(Doctor, missing_acks_without_a_nat_do_not_blame_one) {
  Patient patient;
  patient.ended("ack_timeout", 32, 1);

  const auto found = patient.findings("drops_after_30_seconds");

  EXPECT_TRUE(says(found, "1 of 1 answered calls of north"));
  EXPECT_FALSE(says(found, "private Contact behind public source"));
}

TEST(Doctor, a_peak_at_30_to_35_seconds_is_told_and_marked) {
  Patient patient;
  patient.healthy().ended("caller_hangup", 32, 100);

  EXPECT_TRUE(says(patient.findings("drops_after_30_seconds"), "lasted 30 to 35 seconds"));
  const auto bars = histogram_bars(patient);
  const auto marked =
      std::find_if(bars.begin(), bars.end(), [](const Bar& each) { return !each.mark.empty(); });
  ASSERT_NE(marked, bars.end());
  EXPECT_EQ(marked->span.first, 30);
  EXPECT_EQ(marked->calls, 110u);
  EXPECT_EQ(marked->mark, "no ACK: NAT or ALG");
}

TEST(Doctor, drops_at_multiples_of_the_refresh_interval_are_told_with_the_last_answer) {
  Patient patient;
  patient.healthy().ended("call_does_not_exist", 300, 40).ended("session_timeout", 629, 100);
  Device& south = patient.device("south");
  south.refreshes = 50;
  south.refreshed = 10;
  south.last_status = 481;

  const auto found = patient.findings("drops_at_intervals");

  EXPECT_EQ(found.size(), 2u);  // north and south
  EXPECT_TRUE(says(found,
                   "140 of 2140 answered calls of south ended by their session timer; many "
                   "last 300 s, 600 s and 30 s"));
  EXPECT_TRUE(says(found,
                   "Of 50 refreshes 10 succeeded; the last that failed was "
                   "answered 481"));
  EXPECT_TRUE(says(found, "The refresh each 300 s fails"));
}

TEST(Doctor, a_session_timeout_is_told_of_the_side_that_was_found_dead) {
  Patient patient;
  patient.healthy().ended("session_timeout", 777, 3);
  patient.calls.groups.back().dead_side = "caller";

  const auto found = patient.findings("drops_at_intervals");

  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].gateway, "north");
  EXPECT_TRUE(says(found, "3 of 2003 answered calls of north ended by their session timer"));
}

TEST(Doctor, peaks_without_a_timeout_of_ours_are_a_note) {
  Patient patient;
  patient.healthy();
  for (std::uint64_t i = 0; i < 40; ++i) patient.ended("callee_hangup", 300, 1);

  const auto found = patient.findings("drops_at_intervals");

  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].weight, Weight::Note);
  EXPECT_TRUE(says(found, "a peer may end them by its own"));
}

TEST(Doctor, one_session_timeout_is_told_without_a_peak) {
  Patient patient;
  patient.healthy().ended("session_timeout", 777, 1);

  const auto found = patient.findings("drops_at_intervals");

  EXPECT_TRUE(says(found, "1 of 2001 answered calls"));
  EXPECT_FALSE(says(found, "multiples"));
}

TEST(Doctor, refusals_for_a_small_interval_are_told_with_values_and_parameter) {
  Patient patient;
  patient.device("north").too_small = {{.by_us = true, .asked = 60, .wanted = 90, .count = 4}};
  patient.device("south").too_small = {{.by_us = false, .asked = 600, .wanted = 900, .count = 2},
                                       {.by_us = false, .asked = 600, .wanted = 9000, .count = 1}};

  const auto found = patient.findings("interval_too_small");

  EXPECT_EQ(found.size(), 3u);
  EXPECT_TRUE(says(found,
                   "We refused 4 calls of north with 422: it asked for 60 s and "
                   "SS_SIP_SESSION_MIN_SE is 90 s"));
  EXPECT_TRUE(says(found, "Raise SS_SIP_SESSION_TTL (600 s now) to 900 s"));
  EXPECT_TRUE(says(found, "above SS_SIP_SESSION_TTL_CEILING (7200 s)"));
}

TEST(Doctor, refusals_that_only_the_records_remember_are_told_too) {
  Patient patient;
  patient.ended("session_interval_too_small", -1, 3);
  patient.calls.refused = {{.callee_gateway = "south", .status = 422, .calls = 5},
                           {.callee_gateway = "south", .status = 405, .calls = 5}};

  const auto found = patient.findings("interval_too_small");

  EXPECT_EQ(found.size(), 2u);
  EXPECT_TRUE(says(found, "3 calls of north ended as session_interval_too_small"));
  EXPECT_TRUE(says(found, "5 calls to south failed with 422"));
}

TEST(Doctor, peers_that_say_nothing_are_told) {
  Patient patient;
  patient.healthy().ended("connection_timeout", -1, 5, "west").ended("invite_timeout", -1, 2);

  const auto found = patient.findings("no_calls_after_idle");

  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(says(found, "5 of 5 calls to west were not answered by a single message"));
}

TEST(Doctor, glare_is_a_note_while_it_is_tried_again) {
  Patient patient;
  patient.device("south").glare = 3;
  auto found = patient.findings("glare");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].weight, Weight::Note);
  EXPECT_TRUE(says(found, "3 were tried again"));

  patient.devices[0].glare_lost = 1;
  found = patient.findings("glare");
  EXPECT_EQ(found[0].weight, Weight::Problem);
}

TEST(Doctor, the_share_of_calls_without_timer_is_told_by_device) {
  Patient patient;
  patient.device("south").without_timer = 5;

  auto found = patient.findings("calls_without_timer");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(says(found, "5 of 20 answered calls of south have no session timer (25 %)"));
  EXPECT_EQ(found[0].weight, Weight::Note);

  patient.settings.no_timer_interval = 0;
  found = patient.findings("calls_without_timer");
  EXPECT_EQ(found[0].weight, Weight::Problem);
  EXPECT_TRUE(says(found, "can stay for ever"));
}

TEST(Doctor, peers_without_rfc_4028_are_told_with_what_they_can_do) {
  Patient patient;
  Device& south = patient.device("south");
  south.seen = south.ignorant = 20;
  south.abilities.supported = "100rel";

  const auto found = patient.findings("no_session_timers");

  EXPECT_TRUE(says(found, "for 10 minutes it says Supported: 100rel; Allow: INVITE"));
  patient.devices[0].ignorant = 19;
  EXPECT_TRUE(patient.findings("no_session_timers").empty());
}

TEST(Doctor, refused_methods_are_told_with_the_way_out) {
  Patient patient;
  patient.device("south").reinvites_refused = 2;
  EXPECT_TRUE(says(patient.findings("reinvite_refused"), "south refuses re-INVITE: 2 times"));

  patient.devices[0].updates_refused = 1;
  EXPECT_TRUE(says(patient.findings("reinvite_refused"), "both re-INVITE and UPDATE"));
}

TEST(Doctor, registered_contacts_that_fell_silent_are_told) {
  Patient patient;
  patient.counters["keep_alive_contacts"] = 9;
  EXPECT_TRUE(patient.findings("no_calls_after_idle").empty());

  patient.counters["keep_alive_offline"] = 2;

  EXPECT_TRUE(says(patient.findings("no_calls_after_idle"), "2 of 9 contacts"));
  patient.gateway = "south";
  EXPECT_TRUE(patient.findings("no_calls_after_idle").empty());
}

TEST(Doctor, a_keep_alive_that_is_off_or_slow_or_late_is_told) {
  Patient patient;
  patient.settings.keep_alive_message = "";
  EXPECT_TRUE(patient.findings("keep_alive").empty());

  patient.settings.keep_alive_built = true;
  EXPECT_TRUE(says(patient.findings("keep_alive"), "SS_SIP_NAT_KEEP_ALIVE_MESSAGE is empty"));

  patient.settings.keep_alive_message = "HELLO";
  EXPECT_TRUE(patient.findings("keep_alive").empty());

  patient.settings.keep_alive_period = 120;
  patient.counters["keep_alive_overruns"] = 2;
  EXPECT_EQ(patient.findings("keep_alive").size(), 2u);
  EXPECT_TRUE(says(patient.findings("keep_alive"), "each 120 s"));
  EXPECT_TRUE(says(patient.findings("keep_alive"), "2 cycles"));
}

TEST(Doctor, of_one_gateway_only_its_findings_are_told) {
  Patient patient;
  patient.ended("ack_timeout", 32, 1);
  patient.device("south").glare = 1;
  patient.gateway = "south";

  for (const Finding& each : examine(patient)) EXPECT_EQ(each.gateway, "south");
  patient.gateway = "east";
  EXPECT_TRUE(examine(patient).empty());
}

trace::Leg leg(const std::string& peer, bool we_called) {
  trace::Leg leg;
  leg.peer = peer;
  leg.we_called = we_called;
  leg.answered = from_epoch_milliseconds(1);
  leg.abilities = {.supported = "100rel, timer", .allow = "INVITE", .since = leg.answered};
  leg.contact = "<sip:a@10.0.0.1:5060>";
  return leg;
}

TEST(Devices, are_legs_added_up) {
  trace::Leg first = leg("203.0.113.7:5060", true);
  first.interval = 600;
  first.refreshes = {{.by_us = true, .method = "UPDATE", .refreshes = true, .status = 200},
                     {.by_us = true, .method = "INVITE", .refreshes = true, .status = 405},
                     {.by_us = false, .method = "INVITE", .refreshes = true, .status = 491},
                     {.by_us = true, .method = "UPDATE", .refreshes = false, .status = 501}};
  first.last_passed = first.answered + 10s;
  trace::Leg second = leg("203.0.113.7:5060", true);
  second.refreshes = {{.by_us = true, .method = "UPDATE", .refreshes = false, .status = 491}};
  second.last_passed = second.answered + 2s;  // it ended before the other could be tried again
  second.abilities.supported = "timers";
  second.too_small = {{.by_us = false, .asked = 600, .wanted = 900},
                      {.by_us = false, .asked = 600, .wanted = 900}};
  const trace::Leg third = leg("10.0.0.1:5060", false);

  const auto devices = devices_of({first, second, third}, [](const trace::Leg& each) {
    return each.we_called ? std::string("south") : std::string();
  });

  ASSERT_EQ(devices.size(), 2u);
  EXPECT_EQ(devices[0].name, "10.0.0.1:5060");
  EXPECT_EQ(devices[0].private_contacts, 0u);
  const Device& south = devices[1];
  EXPECT_EQ(south.name, "south");
  EXPECT_EQ(south.legs, 2u);
  EXPECT_EQ(south.seen, 2u);
  EXPECT_EQ(south.without_timer, 1u);
  EXPECT_EQ(south.ignorant, 1u);
  EXPECT_EQ(south.private_contacts, 2u);
  EXPECT_EQ(south.refreshes, 2u);
  EXPECT_EQ(south.refreshed, 1u);
  EXPECT_EQ(south.last_status, 405);
  EXPECT_EQ(south.glare, 2u);
  EXPECT_EQ(south.glare_lost, 1u);
  EXPECT_EQ(south.reinvites_refused, 1u);
  EXPECT_EQ(south.updates_refused, 1u);
  ASSERT_EQ(south.too_small.size(), 1u);
  EXPECT_EQ(south.too_small[0].count, 2u);
}

TEST(Histogram, a_peak_is_three_times_what_is_beside_it) {
  Histogram lengths;
  for (std::int64_t second = 0; second < 100; ++second) lengths.add(second, 1);
  EXPECT_FALSE(lengths.has_peak({30, 36}));

  lengths.add(32, 11);
  EXPECT_FALSE(lengths.has_peak({30, 36}));

  lengths.add(33, 1);
  EXPECT_TRUE(lengths.has_peak({30, 36}));
  EXPECT_EQ(lengths.count({30, 36}), 18u);
  EXPECT_EQ(lengths.total(), 112u);
  lengths.add(1'000'000, 1);
  lengths.add(-1, 1);
  EXPECT_EQ(lengths.total(), 113u);
}

}  // namespace
}  // namespace tandem::doctor
