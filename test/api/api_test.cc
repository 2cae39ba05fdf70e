// Runs the scripts of this folder, and tries what a script cannot say.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "api/http_script.h"
#include "api/world.h"
#include "shell/api/discovery.h"
#include "shell/api/token.h"
#include "shell/http/client.h"

namespace tandem::test_api {
namespace {

namespace json = boost::json;

std::vector<std::string> scripts() {
  std::vector<std::string> names;
  const std::filesystem::path folder = std::filesystem::path(TANDEM_SOURCE_DIR) / "test" / "api";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".http") continue;
    names.push_back(std::filesystem::relative(entry.path(), folder).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class ApiScript : public testing::TestWithParam<std::string> {};

TEST_P(ApiScript, is_answered_as_written) {
  World world;
  const auto steps =
      read_script(std::filesystem::path(TANDEM_SOURCE_DIR) / "test/api" / GetParam());
  ASSERT_FALSE(steps.empty());

  run_script(steps, world.address(), world.token());
}

std::string test_name(const testing::TestParamInfo<std::string>& script) {
  std::string name = script.param.substr(0, script.param.find('.'));
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Scripts, ApiScript, testing::ValuesIn(scripts()), test_name);

http::ClientReply get(const World& world, std::string target) {
  http::ClientRequest request{.method = "GET", .target = std::move(target)};
  request.headers = {{"Authorization", "Bearer " + world.token()}};
  auto reply = http::send(world.address(), request);
  EXPECT_TRUE(reply.ok());
  return std::move(reply).value();
}

TEST(Api, gives_the_exchange_a_new_configuration_after_each_change_and_no_other_time) {
  World world;
  const auto send = [&](std::string method, std::string target, std::string body) {
    http::ClientRequest request{.method = std::move(method), .target = std::move(target)};
    request.headers = {{"Authorization", "Bearer " + world.token()}};
    request.body = std::move(body);
    return http::send(world.address(), request)->status;
  };

  EXPECT_EQ(send("POST", "/api/v1/accounts", R"({"name":"acme"})"), 201);
  EXPECT_EQ(send("GET", "/api/v1/accounts", ""), 200);
  EXPECT_EQ(send("POST", "/api/v1/accounts", R"({"name":"a,b"})"), 422);
  EXPECT_EQ(send("POST", "/api/v1/apply?dry_run=true", R"({"accounts":[{"name":"b"}]})"), 200);
  EXPECT_EQ(send("POST", "/api/v1/apply", R"({"accounts":[{"name":"b"}]})"), 200);
  EXPECT_EQ(send("PUT", "/api/v1/parameters/SS_SIP_SESSION_TTL", R"({"value":900})"), 200);

  const auto adopted = world.adopted();
  EXPECT_EQ(adopted.size(), 3u);
  EXPECT_TRUE(std::is_sorted(adopted.begin(), adopted.end()));
}

TEST(Api, follows_new_records_until_the_reader_has_enough) {
  World world;
  std::string seen;
  http::ClientRequest request{.method = "GET",
                              .target = "/api/v1/cdrs?format=ndjson&follow=true&from=2023-01-01"};
  request.headers = {{"Authorization", "Bearer " + world.token()}};
  bool ended = false;

  const auto reply = http::send(world.address(), request, [&](std::string_view piece) {
    seen += piece;
    const auto records = std::count(seen.begin(), seen.end(), '\n');
    if (records == 5 && !ended) {
      ended = true;
      world.end_call(6);
    }
    return records < 6;
  });

  ASSERT_TRUE(reply.ok());
  EXPECT_NE(seen.find("\"flow_no\":1000006"), seen.npos);
}

TEST(Api, limits_how_many_streams_follow) {
  World world;
  int refused_with = 0;
  std::vector<std::thread> readers;
  std::atomic<int> streams{0};
  std::atomic<bool> enough{false};

  // Each record that is made wakes the readers, which leave when one of them was refused.
  for (int i = 0; i < 33; ++i) {
    readers.emplace_back([&] {
      http::ClientRequest request{
          .method = "GET", .target = "/api/v1/cdrs?format=ndjson&follow=true&from=2023-01-01"};
      request.headers = {{"Authorization", "Bearer " + world.token()}};
      bool counted = false;
      const auto reply = http::send(world.address(), request, [&](std::string_view) {
        if (!counted) ++streams;
        counted = true;
        return !enough.load();
      });
      if (reply.ok() && reply->status == 429) {
        refused_with = reply->status;
        enough = true;
      }
    });
  }
  std::int64_t number = 100;
  while (!enough || streams < 32) world.end_call(++number);
  world.end_call(++number);
  for (std::thread& reader : readers) reader.join();

  EXPECT_EQ(refused_with, 429);
}

TEST(Api, describes_every_operation_and_schema_it_refers_to) {
  World world;
  const json::object document = json::parse(get(world, "/api/v1/openapi.json").body).as_object();
  const json::object& schemas = document.at("components").at("schemas").as_object();
  std::set<std::string> referred;
  const std::string text = json::serialize(document);
  const std::string mark = "\"#/components/schemas/";
  for (std::size_t at = 0; (at = text.find(mark, at)) != text.npos;) {
    at += mark.size();
    referred.insert(text.substr(at, text.find('"', at) - at));
  }

  EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
  EXPECT_TRUE(document.at("paths").as_object().contains("/api/v1/egress_gateways/{id}"));
  EXPECT_FALSE(referred.empty());
  for (const std::string& schema : referred) EXPECT_TRUE(schemas.contains(schema)) << schema;
  const json::object& gateway = schemas.at("egress_gateway").at("properties").as_object();
  EXPECT_TRUE(gateway.contains("prefix"));
}

TEST(ApiToken, is_made_once_and_readable_by_its_owner_alone) {
  test_support::TemporaryDirectory directory;

  const auto first = api::load_or_make_token(directory.path());
  const auto second = api::load_or_make_token(directory.path());

  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(first->size(), 64u);
  struct stat facts {};
  ASSERT_EQ(::stat((directory.path() / "api-token").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777u, 0600u);
}

TEST(ApiToken, admits_only_the_whole_token_as_bearer) {
  EXPECT_TRUE(api::admits("secret", "Bearer secret"));
  EXPECT_TRUE(api::admits("secret", "bearer  secret "));
  for (const char* wrong : {"", "Bearer", "Bearer ", "secret", "Basic secret", "Bearer secre",
                            "Bearer secretsecret", "Bearer Secret", "Bearer xsecret"}) {
    EXPECT_FALSE(api::admits("secret", wrong)) << wrong;
  }
}

TEST(Discovery, finds_the_address_by_the_directory_and_the_directory_by_the_address) {
  test_support::TemporaryDirectory directory;
  const Endpoint address{IpAddress::v4(0x7f000001), 18'999};
  {
    const auto notice = api::Notice::post(directory.path(), {address});
    ASSERT_TRUE(notice.ok());

    EXPECT_EQ(api::address_of(directory.path()), address);
    EXPECT_EQ(api::data_of(address), directory.path());
  }
  EXPECT_EQ(api::address_of(directory.path()), std::nullopt);
  EXPECT_EQ(api::data_of(address), std::nullopt);
}

}  // namespace
}  // namespace tandem::test_api
