// The HTTP JSON API under /api/v1: every operation is a row (operations.cc), every resource comes
// from the rows of core/directory, and the OpenAPI document is made from both. Errors are
// application/problem+json (RFC 9457).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "shell/api/live.h"
#include "shell/http/server.h"
#include "shell/store/cdr_query.h"
#include "shell/store/cdr_summary.h"
#include "shell/store/config_store.h"

namespace tandem::api {

// Where call detail records are looked up. Any thread.
struct CdrSource {
  std::function<Result<std::size_t, store::StoreError>(const store::CdrFilter&,
                                                       const store::CdrVisitor&)>
      find;
  std::function<Result<std::int64_t, store::StoreError>()> last_recorded;
  std::function<Result<store::CdrSummary, store::StoreError>(UtcTime from, UtcTime until)>
      summarise;
  std::function<std::uint64_t()> queue;  // records that cannot be found yet
  std::function<std::string()> fault;    // why they wait; "" = all is well
};

// A request names the person behind it in this header, a few visible characters; the command line
// begins its User-Agent so.
inline constexpr std::string_view kOperatorHeader = "x-operator";
inline constexpr std::string_view kCommandAgent = "tandem-cli/";

struct Services {
  store::ConfigStore* configuration;  // outlives the Api; nobody else uses it meanwhile
  CdrSource cdrs;
  Exchanges exchanges;
  std::optional<std::string> token;  // nothing: whoever calls handle() is let in
  std::string version;               // of the program
  std::string user = "api";          // who changes when the request names nobody
  std::function<UtcTime()> now;
  milliseconds patience{5000};  // with the exchange; then 503
};

class Api {
 public:
  explicit Api(Services services);
  ~Api();

  // Any thread; blocks it for as long as the database or the exchange need. A stream in the
  // response must not outlive the services.
  http::Response handle(const http::Request& request);
  // Whether the Authorization of a request is that of an operator.
  bool trusts(std::string_view authorization) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tandem::api
