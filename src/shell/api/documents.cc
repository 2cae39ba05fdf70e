// What the API says of itself: the OpenAPI document, and a page for whoever opens it in a browser.
#include "shell/api/handlers.h"

namespace tandem::api {
namespace {

constexpr std::string_view kPage = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tandem</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 4rem auto; padding: 0 1rem;
       color: #222; }
pre { background: #f3f3f3; padding: .8rem; overflow-x: auto; }
</style>
</head>
<body>
<h1>Tandem</h1>
<p>This is the control interface of a Tandem softswitch, version @VERSION@.</p>
<p>The HTTP API is at <code>/api/v1</code>; <a href="/api/v1/openapi.json">openapi.json</a> describes
it. Send the token from the file <code>api-token</code> of the data directory:</p>
<pre>curl -H "Authorization: Bearer $(cat DIR/api-token)" http://ADDRESS/api/v1/status</pre>
<p>On the machine itself the program does the same: <code>tandem status</code>,
<code>tandem calls</code>, <code>tandem cdr</code>, <code>tandem --help</code>.</p>
</body>
</html>
)html";

}  // namespace

http::Response get_openapi(Desk& desk, const Visit&) {
  http::Response response;
  response.body = openapi_document(all_operations(), desk.services.version);
  return response;
}

http::Response front_page(Desk& desk, const Visit&) {
  constexpr std::string_view kMark = "@VERSION@";
  http::Response response{.content_type = "text/html; charset=utf-8"};
  response.body = kPage;
  response.body.replace(kPage.find(kMark), kMark.size(), desk.services.version);
  return response;
}

}  // namespace tandem::api
