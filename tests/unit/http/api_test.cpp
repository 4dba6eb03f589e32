#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/http/http_service.hpp"
#include "integrations/embedded/embedded.hpp"
#include "tests/browser/town.hpp"
#include "tests/unit/http/raw_client.hpp"
#include "workflows/assert.hpp"

namespace fristvakt::tests {
namespace {

using daemon::HttpService;
using nlohmann::json;

std::unique_ptr<HttpService> serve(Town& town) {
    auto started = HttpService::start({.listen = "127.0.0.1:0",
                                       .operator_listen = "127.0.0.1:0",
                                       .public_url = "https://frist.example",
                                       .version = "1.2.3"},
                                      town);
    FRISTVAKT_ASSERT(started.ok());
    return std::move(started).value();
}

/// The whole service on a town, spoken to over a socket. Made anew for each test that changes it.
class Api : public ::testing::Test {
 protected:
    void SetUp() override { service_ = serve(town_); }
    [[nodiscard]] RawResponse get(std::string_view path,
                                  const std::vector<std::string>& headers = {}) const {
        const int port = service_->port();
        return RawClient{port}.exchange(get_request(port, path, headers));
    }
    [[nodiscard]] RawResponse post(std::string_view path, std::string_view body,
                                   const std::vector<std::string>& headers = {}) const {
        const int port = service_->port();
        return RawClient{port}.exchange(post_request(port, path, body, headers));
    }
    [[nodiscard]] RawResponse watch(std::string_view path) const {
        const int port = service_->operator_port();
        return RawClient{port}.exchange(get_request(port, path));
    }
    [[nodiscard]] static json read(const RawResponse& response) {
        return json::parse(response.body);
    }

    Town town_;
    std::unique_ptr<HttpService> service_;
};

TEST_F(Api, ListsCasesAPageAtATime) {
    std::vector<std::string> ids;
    std::string path = "/api/v1/cases?limit=5&cohort=pulje-5";
    while (!path.empty()) {
        const RawResponse response = get(path);
        ASSERT_EQ(response.status, 200) << response.body;
        const json page = read(response);
        for (const json& item : page["cases"]) {
            ids.push_back(item["id"]);
        }
        path = page["next"].is_null() ? "" : page["next"].get<std::string>();
    }
    EXPECT_TRUE(std::ranges::is_sorted(ids));
    EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
    EXPECT_GE(ids.size(), 16U);
}

TEST_F(Api, FiltersCases) {
    const json one = read(get("/api/v1/cases?organisation=gjovik&requirement=plan"))["cases"];
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(one[0]["id"], "pulje-5/plan/gjovik");
    const json awaited = read(get("/api/v1/cases?state=awaited"));
    for (const json& item : awaited["cases"]) {
        EXPECT_EQ(item["state"], "awaited");
    }
    const json closed = read(get("/api/v1/cases?final=true"));
    for (const json& item : closed["cases"]) {
        EXPECT_EQ(item["final"], true);
    }
    EXPECT_TRUE(read(get("/api/v1/cases?cohort=nothing"))["cases"].empty());
}

TEST_F(Api, TellsACaseWithItsDerivationInBothForms) {
    const json item = read(get("/api/v1/cases/pulje-5/plan/gjovik"));
    EXPECT_EQ(item["due"]["date"], "2021-01-25");
    EXPECT_EQ(item["due"]["ends_at"], "2021-01-26T00:00:00+01:00");
    EXPECT_FALSE(item["due"]["because"]["nb"].empty());
    EXPECT_FALSE(item["due"]["because"]["nn"].empty());
    EXPECT_EQ(item["debtor"]["name"], "Gjøvik kommune");
    EXPECT_EQ(item["history"][0]["event"], "opened");
    EXPECT_FALSE(item["explanation"]["text"]["nb"].empty());
    EXPECT_NE(item["explanation"]["text"]["nb"], item["explanation"]["text"]["nn"]);
    EXPECT_FALSE(item["reminders"].empty());
}

TEST_F(Api, TakesTheSlashesOfAnIdAsTheyAreOrEncoded) {
    EXPECT_EQ(read(get("/api/v1/cases/pulje-5%2Fplan%2Fgjovik")),
              read(get("/api/v1/cases/pulje-5/plan/gjovik")));
}

TEST_F(Api, RaisesAnEventAndAnswersWithTheCase) {
    const RawResponse response = post("/api/v1/cases/pulje-5/plan/tynset/events",
                                      R"({"event":"received","by":"creditor","who":"Ida"})");
    ASSERT_EQ(response.status, 200) << response.body;
    const json answer = read(response);
    EXPECT_EQ(answer["from"], "awaited");
    EXPECT_EQ(answer["to"], "received");
    EXPECT_EQ(answer["repeated"], false);
    EXPECT_EQ(answer["case"]["state"], "received");
    EXPECT_EQ(read(get("/api/v1/cases/pulje-5/plan/tynset"))["status"], "received");
}

TEST_F(Api, TakesFieldsBesideAndWithin) {
    const json beside = read(post("/api/v1/cases/pulje-5/plan/tynset/events",
                                  R"({"event":"more_time_given","by":"creditor",
                                      "until":"2021-02-12"})"));
    EXPECT_EQ(beside["case"]["due"]["date"], "2021-02-12");
    const json within = read(post("/api/v1/cases/pulje-5/plan/stange/events",
                                  R"({"event":"more_time_given","by":"creditor",
                                      "fields":{"until":"2021-02-12"}})"));
    EXPECT_EQ(within["case"]["due"]["date"], "2021-02-12");
}

struct BadEvent {
    std::string name;
    std::string path;
    std::string body;
    int status;
    std::string says;
};
void PrintTo(const BadEvent& row, std::ostream* out) {
    *out << row.name;
}
class BadEvents : public ::testing::TestWithParam<BadEvent> {};

TEST_P(BadEvents, AreRefusedWithWhatToDoAndChangeNothing) {
    // Nothing changes it, so one does for all.
    static Town town;
    static const auto kService = serve(town);
    const int port = kService->port();
    const auto ask = [&](const std::string& request) { return RawClient{port}.exchange(request); };
    const auto all = [&] { return ask(get_request(port, "/api/v1/cases?limit=500")).body; };
    const std::string path = "/api/v1/cases/" + GetParam().path + "/events";
    const std::string before = all();
    const RawResponse response = ask(post_request(port, path, GetParam().body));
    EXPECT_EQ(response.status, GetParam().status) << response.body;
    EXPECT_EQ(response.header("content-type"), "application/problem+json");
    const json problem = json::parse(response.body);
    EXPECT_EQ(problem["status"], GetParam().status);
    EXPECT_EQ(problem["instance"], path);
    EXPECT_NE(problem["detail"].get<std::string>().find(GetParam().says), std::string::npos)
        << problem["detail"];
    EXPECT_EQ(all(), before);
}

const std::string kCase{"pulje-5/plan/tynset"};
INSTANTIATE_TEST_SUITE_P(
    Table, BadEvents,
    ::testing::Values(
        BadEvent{"no_json", kCase, "{\"event\":\n  claimed}", 400, "line 2, column 3"},
        BadEvent{"half_json", kCase, "{\"event\":", 400, "no JSON"},
        BadEvent{"empty", kCase, "", 400, "no JSON"},
        BadEvent{"array", kCase, "[]", 400, "one JSON object"},
        BadEvent{"twice", kCase, R"({"event":"claimed","event":"received","by":"debtor"})", 400,
                 "'event' stands there twice"},
        BadEvent{"deep", kCase, std::string(2000, '['), 400, "levels deep"},
        BadEvent{"broken_utf8", kCase, "{\"event\":\"\xff\",\"by\":\"debtor\"}", 400, "no JSON"},
        BadEvent{"two_values", kCase, R"({"event":"claimed","by":"debtor"} {})", 400, "no JSON"},
        BadEvent{"no_event", kCase, R"({"by":"debtor"})", 422, "'event' is missing"},
        BadEvent{"no_actor", kCase, R"({"event":"claimed"})", 422, "'by' is missing"},
        BadEvent{"unknown_actor", kCase, R"({"event":"claimed","by":"debitor"})", 422,
                 "did you mean 'debtor'"},
        BadEvent{"plays_the_clock", kCase, R"({"event":"claimed","by":"clock"})", 403, "only"},
        BadEvent{"field_is_a_list", kCase, R"({"event":"claimed","by":"debtor","x":[1]})", 422,
                 "'x' must be text"},
        BadEvent{"field_twice", kCase,
                 R"({"event":"claimed","by":"debtor","x":"1","fields":{"x":"2"}})", 422,
                 "both in fields"},
        BadEvent{"control_characters", kCase,
                 R"({"event":"claimed","by":"debtor","who":"a\u0000b"})", 422, "control"},
        BadEvent{"bad_revision", kCase,
                 R"({"event":"claimed","by":"debtor","expected_revision":-1})", 422,
                 "expected_revision"},
        BadEvent{"old_revision", kCase,
                 R"({"event":"claimed","by":"debtor","expected_revision":99})", 409, "moved on"},
        BadEvent{"unknown_case", "pulje-5/plan/nowhere", R"({"event":"claimed","by":"debtor"})",
                 404, "no case"},
        BadEvent{"unknown_event", kCase, R"({"event":"clamed","by":"debtor"})", 422,
                 "knows no event"},
        BadEvent{"forbidden", kCase, R"({"event":"received","by":"debtor"})", 403, "may not"},
        BadEvent{"wrong_state", kCase, R"({"event":"accepted","by":"creditor"})", 409,
                 "not possible"},
        BadEvent{"missing_field", kCase, R"({"event":"exempted","by":"creditor"})", 422, "reason"},
        BadEvent{"bad_date", kCase,
                 R"({"event":"more_time_given","by":"creditor","until":"2021-02-30"})", 422,
                 "date"}),
    [](const auto& test) { return test.param.name; });

TEST_F(Api, CountsARequestWithAKeyOnce) {
    const std::string path = "/api/v1/cases/" + kCase + "/events";
    const std::string body = R"({"event":"claimed","by":"debtor"})";
    const json first = read(post(path, body, {"Idempotency-Key: \"a-1\""}));
    EXPECT_EQ(first["repeated"], false);
    // Without quotes, with other blanks: the same request.
    const json again =
        read(post(path, R"({ "by":"debtor", "event":"claimed" })", {"Idempotency-Key: a-1"}));
    EXPECT_EQ(again["repeated"], true);
    EXPECT_EQ(again["case"]["revision"], first["case"]["revision"]);
    const RawResponse other =
        post(path, R"({"event":"undone","by":"debtor"})", {"Idempotency-Key: a-1"});
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(
        post("/api/v1/cases/pulje-5/plan/stange/events", body, {"Idempotency-Key: a-1"}).status,
        422);
}

TEST_F(Api, RefusesKeysThatAreNone) {
    const std::string path = "/api/v1/cases/" + kCase + "/events";
    for (const std::string& key :
         {std::string{"\"\""}, std::string(201, 'a'), std::string{"a b"}}) {
        EXPECT_EQ(
            post(path, R"({"event":"claimed","by":"debtor"})", {"Idempotency-Key: " + key}).status,
            400)
            << key;
    }
}

TEST_F(Api, AsksForPatienceWhenTheEngineDoesNotAnswer) {
    town_.set_unavailable(true);
    const RawResponse response =
        post("/api/v1/cases/" + kCase + "/events", R"({"event":"claimed","by":"debtor"})");
    EXPECT_EQ(response.status, 503);
    EXPECT_NE(response.header("retry-after"), "");
    EXPECT_NE(response.body.find("Idempotency-Key"), std::string::npos);
}

TEST_F(Api, RefusesQuestionsThatItDoesNotUnderstand) {
    for (const char* path :
         {"/api/v1/cases?cohrt=pulje-5", "/api/v1/cases?limit=0", "/api/v1/cases?limit=501",
          "/api/v1/cases?limit=x", "/api/v1/cases?final=yes", "/api/v1/cases?limit=1&limit=2",
          "/api/v1/outbox?state=gone", "/api/v1/outbox?before=-1"}) {
        EXPECT_EQ(get(path).status, 400) << path;
    }
    EXPECT_NE(get("/api/v1/cases?cohrt=pulje-5").body.find("did you mean 'cohort'"),
              std::string::npos);
}

TEST_F(Api, ShowsTheOutboxAndEachMessageAsItWasSent) {
    const json list = read(get("/api/v1/outbox?state=sent&limit=3"));
    ASSERT_EQ(list["messages"].size(), 3U);
    ASSERT_FALSE(list["next"].is_null());
    const json older = read(get(list["next"].get<std::string>()));
    EXPECT_LT(older["messages"][0]["number"], list["messages"][2]["number"]);
    const auto number = list["messages"][0]["number"].get<int>();
    const json message = read(get("/api/v1/outbox/" + std::to_string(number)));
    EXPECT_FALSE(message["text"].get<std::string>().empty());
    EXPECT_NE(message["html"].get<std::string>().find("<html"), std::string::npos);
    const auto has_header = [&](const char* name) {
        return std::ranges::any_of(message["headers"],
                                   [&](const json& one) { return one["name"] == name; });
    };
    for (const char* name : {"From", "To", "Subject", "Message-ID", "Auto-Submitted"}) {
        EXPECT_TRUE(has_header(name)) << name;
    }
    for (const char* path : {"/api/v1/outbox/0", "/api/v1/outbox/x", "/api/v1/outbox/99999999"}) {
        EXPECT_EQ(get(path).status, 404) << path;
    }
}

TEST_F(Api, FindsTheMessagesOfOneCase) {
    const json list = read(get("/api/v1/outbox?case=pulje-5/plan/gjovik"));
    ASSERT_FALSE(list["messages"].empty());
    for (const json& message : list["messages"]) {
        EXPECT_EQ(message["organisation"], "gjovik");
    }
}

TEST_F(Api, HoldsAndReleases) {
    EXPECT_EQ(post("/api/v1/outbox/hold", "{}").status, 422);
    EXPECT_EQ(post("/api/v1/outbox/hold", R"({"reson":"x"})").status, 400);
    const json held = read(post("/api/v1/outbox/hold", R"({"reason":"Vi ser over adressene."})"));
    EXPECT_EQ(held["on_hold"], true);
    EXPECT_EQ(held["hold_reason"], "Vi ser over adressene.");
    EXPECT_NE(get("/").body.find("Vi ser over adressene."), std::string::npos);
    const json released = read(post("/api/v1/outbox/release", ""));
    EXPECT_EQ(released["on_hold"], false);
    EXPECT_EQ(post("/api/v1/outbox/1/release", "{}").status, 409);
    EXPECT_EQ(post("/api/v1/outbox/99999999/release", "{}").status, 404);
    EXPECT_EQ(post("/api/v1/outbox/99999999/retry", "{}").status, 404);
}

TEST_F(Api, TriesAFailedMessageAgain) {
    const json failed = read(get("/api/v1/outbox?state=failed"))["messages"];
    ASSERT_FALSE(failed.empty()) << "the town has an address that is refused";
    const auto number = failed[0]["number"].get<int>();
    const RawResponse retried =
        post("/api/v1/outbox/" + std::to_string(number) + "/retry", R"({"who":"Ida"})");
    ASSERT_EQ(retried.status, 200) << retried.body;
    EXPECT_EQ(read(retried)["state"], "waiting");
}

TEST_F(Api, BalancesTheBooks) {
    const json books = read(get("/api/v1/books"));
    EXPECT_EQ(books["balance"], true);
    EXPECT_EQ(books["planned"].get<int>(),
              books["sent"].get<int>() + books["held"].get<int>() + books["suppressed"].get<int>() +
                  books["superseded"].get<int>() + books["failed"].get<int>() +
                  books["waiting"].get<int>());
}

TEST_F(Api, ChangesNothingByReading) {
    const std::string cases = get("/api/v1/cases?limit=500").body;
    const std::string outbox = get("/api/v1/outbox?limit=500").body;
    for (const char* path : {"/", "/?avvik=1&lang=nn", "/sak/pulje-5/plan/gjovik", "/utboks",
                             "/utboks/1", "/utboks/1/html", "/api/v1/cases/pulje-5/plan/gjovik",
                             "/api/v1/outbox/1", "/api/v1/books"}) {
        EXPECT_EQ(get(path).status, 200) << path;
    }
    for (const char* path :
         {"/api/v1/outbox/hold", "/api/v1/outbox/release", "/api/v1/outbox/1/retry",
          "/api/v1/outbox/1/release", "/api/v1/cases/pulje-5/plan/gjovik/events"}) {
        EXPECT_EQ(get(path).status, 405) << path;
    }
    EXPECT_EQ(get("/api/v1/cases?limit=500").body, cases);
    EXPECT_EQ(get("/api/v1/outbox?limit=500").body, outbox);
}

TEST_F(Api, LetsNoOtherPageChangeAnything) {
    const std::string path = "/api/v1/outbox/hold";
    const std::string body = R"({"reason":"angrep"})";
    EXPECT_EQ(post(path, body, {"Origin: https://evil.example"}).status, 403);
    EXPECT_EQ(post(path, body, {"Origin: null"}).status, 403);
    EXPECT_EQ(post(path, body, {"Sec-Fetch-Site: cross-site"}).status, 403);
    const std::string port = std::to_string(service_->port());
    const auto raw = [&](const std::string& host, const std::string& type) {
        return RawClient{service_->port()}
            .exchange("POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: " + type +
                      "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)
            .status;
    };
    EXPECT_EQ(raw("127.0.0.1:" + port, "text/plain"), 415);
    EXPECT_EQ(raw("127.0.0.1:" + port, "application/x-www-form-urlencoded"), 415);
    EXPECT_EQ(raw("rebound.example:" + port, "application/json"), 421);
    EXPECT_EQ(read(get("/api/v1/outbox"))["on_hold"], false);
    EXPECT_EQ(raw("frist.example", "application/json"), 200);
}

TEST_F(Api, ShowsNothingToANameThatWasPointedHere) {
    const RawResponse response = RawClient{service_->port()}.exchange(
        "GET /api/v1/cases HTTP/1.1\r\nHost: rebound.example\r\n\r\n");
    EXPECT_EQ(response.status, 421);
    EXPECT_EQ(response.body.find("pulje-5"), std::string::npos);
}

TEST_F(Api, SaysWhichMethodsAPathKnows) {
    const RawResponse response = get("/api/v1/outbox/hold");
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(response.header("allow"), "OPTIONS, POST");
    EXPECT_EQ(get("/api/v1/nothing").status, 404);
    EXPECT_EQ(get("/api/v1/nothing").header("content-type"), "application/problem+json");
}

TEST_F(Api, SaysHowItIsToThoseWhoWatch) {
    EXPECT_EQ(watch("/healthz").status, 200);
    EXPECT_EQ(watch("/readyz").status, 200);
    daemon::EngineHealth health = town_.health();
    health.step_age_seconds = 10'000;
    town_.set_health(health);
    EXPECT_EQ(watch("/healthz").status, 200);
    const RawResponse stale = watch("/readyz");
    EXPECT_EQ(stale.status, 503);
    EXPECT_NE(stale.body.find("10000 seconds"), std::string::npos);
    health.step_age_seconds = 0;
    health.store_ok = false;
    health.last_error = "disk is full";
    town_.set_health(health);
    EXPECT_NE(watch("/readyz").body.find("disk is full"), std::string::npos);
    health.store_ok = true;
    health.stopping = true;
    town_.set_health(health);
    EXPECT_EQ(watch("/readyz").status, 503);
    // Not for everybody.
    EXPECT_EQ(get("/metrics").status, 404);
    EXPECT_EQ(get("/healthz").status, 404);
    EXPECT_EQ(watch("/api/v1/cases").status, 404);
}

/// What makes `/watch` red, from outside the engine.
struct Red {
    std::string name;
    std::string word;  ///< What the problem says.
    void (*make)(daemon::EngineHealth&);
};

void PrintTo(const Red& row, std::ostream* out) {
    *out << row.name;
}

daemon::BooksStatement statement_at(workflows::Instant at) {
    return {.at = at,
            .kept = {.planned = 3, .sent = 3},
            .counted = {.planned = 3, .sent = 3},
            .head = "3:abc"};
}

class Watch : public Api, public ::testing::WithParamInterface<Red> {};

TEST_P(Watch, TurnsRedAndSaysWhy) {
    ASSERT_EQ(watch("/watch").status, 200) << watch("/watch").body;
    daemon::EngineHealth health = town_.health();
    GetParam().make(health);
    town_.set_health(health);
    const RawResponse red = watch("/watch");
    EXPECT_EQ(red.status, 503);
    EXPECT_EQ(red.header("content-type"), "application/problem+json");
    const std::string detail = read(red)["detail"];
    EXPECT_NE(detail.find(GetParam().word), std::string::npos) << detail;
    EXPECT_EQ(detail.find('@'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Watch,
    ::testing::Values(Red{"NoStepInTime", "not finished a step for 200 seconds",
                          [](daemon::EngineHealth& health) { health.step_age_seconds = 200; }},
                      Red{"NoStepAtAll", "first step",
                          [](daemon::EngineHealth& health) { health.steps = 0; }},
                      Red{"NoStore", "store does not answer",
                          [](daemon::EngineHealth& health) { health.store_ok = false; }},
                      Red{"BooksOff", "books are off",
                          [](daemon::EngineHealth& health) {
                              health.statement = statement_at(health.now);
                              health.statement->counted.planned = 4;
                          }},
                      Red{"BooksThatDoNotBalance", "books are off",
                          [](daemon::EngineHealth& health) {
                              health.statement = statement_at(health.now);
                              health.statement->kept.planned = health.statement->counted.planned =
                                  4;
                          }},
                      Red{"NobodyCounts", "last recounted",
                          [](daemon::EngineHealth& health) {
                              health.statement = statement_at(health.now - std::chrono::hours{49});
                          }}),
    [](const auto& test) { return test.param.name; });

TEST_F(Api, WatchTurnsRedWhenAMessageDoesNotGo) {
    // An answer is due at once; the town has nobody to send it.
    ASSERT_EQ(
        post("/api/v1/cases/pulje-5/plan/tynset/events", R"({"event":"received","by":"creditor"})")
            .status,
        200);
    EXPECT_EQ(watch("/watch").status, 200);
    daemon::EngineHealth health = town_.health();
    health.now += std::chrono::minutes{59};
    town_.set_health(health);
    EXPECT_EQ(watch("/watch").status, 200) << watch("/watch").body;
    health.now += std::chrono::minutes{2};
    town_.set_health(health);
    EXPECT_NE(watch("/watch").body.find("has waited to go out since"), std::string::npos);
    EXPECT_EQ(watch("/watch").status, 503);
    EXPECT_EQ(watch("/readyz").status, 200) << "it can be asked all the same";
}

TEST(WatchHeld, TurnsRedWhenWhatIsHeldIsForgotten) {
    // Sixteen at once after a first start, and a brake that lets one through.
    const auto* file =
        integrations::find_embedded(integrations::embedded_config(), "fristvakt.yaml");
    std::string settings{file->content};
    settings.replace(settings.find("brake: 20"), 9, "brake: 1 ");
    Town town{{.from = "2021-01-20T12:00", .files = {{"fristvakt.yaml", settings}}}};
    const auto service = serve(town);
    const auto watch = [&] {
        const int port = service->operator_port();
        return RawClient{port}.exchange(get_request(port, "/watch"));
    };
    daemon::EngineHealth health = town.health();
    ASSERT_GT(town.snapshot()->outbox().value().messages[workflows::MessageState::Held], 0);
    const auto held = *town.snapshot()->outbox().value().oldest_held_at;
    health.now = held + std::chrono::hours{24 * 4};
    town.set_health(health);
    EXPECT_EQ(watch().body.find("held since"), std::string::npos) << watch().body;
    health.now += std::chrono::seconds{1};
    town.set_health(health);
    EXPECT_EQ(watch().status, 503);
    EXPECT_NE(watch().body.find("held since"), std::string::npos) << watch().body;
}

TEST_F(Api, ShowsTheDaysStatement) {
    EXPECT_TRUE(read(get("/api/v1/books"))["statement"].is_null());
    daemon::EngineHealth health = town_.health();
    health.statement = statement_at(health.now);
    town_.set_health(health);
    const json statement = read(get("/api/v1/books"))["statement"];
    EXPECT_EQ(statement["ok"], true);
    EXPECT_EQ(statement["head"], "3:abc");
    EXPECT_EQ(statement["recounted"]["sent"], 3);
    EXPECT_NE(watch("/metrics").body.find("fristvakt_books_recounted_ok 1\n"), std::string::npos);
    EXPECT_NE(get("/utboks?lang=nb", {"Accept: text/html"}).body.find("Stemmer"),
              std::string::npos);
    health.statement->counted.sent = 2;
    town_.set_health(health);
    EXPECT_NE(watch("/metrics").body.find("fristvakt_books_recounted_ok 0\n"), std::string::npos);
    EXPECT_NE(get("/?lang=nb", {"Accept: text/html"}).body.find("Regnskapet stemmer ikke"),
              std::string::npos);
}

TEST_F(Api, AsksForPatienceUntilTheEngineHasStarted) {
    town_.set_started(false);
    for (const char* path : {"/", "/api/v1/cases", "/api/v1/books", "/utboks/1/html"}) {
        const RawResponse response = get(path);
        EXPECT_EQ(response.status, 503) << path;
        EXPECT_NE(response.header("retry-after"), "") << path;
    }
    EXPECT_EQ(get("/", {"Accept: text/html"}).status, 503);
    EXPECT_EQ(watch("/metrics").status, 200);
    EXPECT_EQ(watch("/healthz").status, 200);
}

TEST_F(Api, CountsForPrometheus) {
    (void)get("/api/v1/books");
    const RawResponse response = watch("/metrics");
    EXPECT_EQ(response.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    for (const char* line :
         {"fristvakt_build_info{version=\"1.2.3\"} 1\n", "fristvakt_store_ok 1\n",
          "fristvakt_sending_mode{mode=\"spool\"} 1\n", "fristvakt_sending_mode{mode=\"live\"} 0\n",
          "fristvakt_books_balance 1\n", "fristvakt_config_last_reload_successful 1\n",
          "fristvakt_http_requests_total{handler=\"books\",code=\"2xx\"} 1\n",
          "fristvakt_http_requests_total{handler=\"case_event\",code=\"5xx\"} 0\n"}) {
        EXPECT_NE(response.body.find(line), std::string::npos) << line;
    }
    for (const char* personal : {"@", "kommune.example", "gjovik"}) {
        EXPECT_EQ(response.body.find(personal), std::string::npos) << personal;
    }
}

}  // namespace
}  // namespace fristvakt::tests
