#include "core/directory/phone_terms.h"

namespace tandem::directory {

EgressGateway as_egress(const Phone& phone) {
  EgressGateway terms;
  static_cast<Device&>(terms) = phone;
  terms.id = 0;  // which is one of egress gateways
  terms.mobile_prefix_mode = MobilePrefix::Off;  // it is of what the phone calls
  terms.remote_ips = phone.remote_ips;
  terms.signal_port = phone.signal_port;
  terms.transport = phone.transport;
  terms.local_ip = phone.local_ip;
  terms.local_port = phone.local_port;
  terms.plan_caller_in = phone.plan_caller_in;
  terms.plan_callee_in = phone.plan_callee_in;
  terms.max_call_duration_lower = phone.max_call_duration_lower;
  terms.max_call_duration_upper = phone.max_call_duration_upper;
  return terms;
}

}  // namespace tandem::directory
