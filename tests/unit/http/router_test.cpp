#include "daemon/http/router.hpp"

#include <gtest/gtest.h>

namespace fristvakt::tests {
namespace {

using namespace daemon;

HttpHandler says(std::string word) {
    return [word = std::move(word)](const HttpRequest& request) {
        HttpResponse out{.status = 200, .headers = {}, .body = word};
        for (const auto& [name, value] : request.parameters) {
            out.body += " " + name + "=" + value;
        }
        return out;
    };
}

struct Row {
    std::string name;
    std::string method;
    std::string path;
    int status;
    std::string body;
    std::string allow{};
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}
class Routes : public ::testing::TestWithParam<Row> {};

TEST_P(Routes, FindTheirHandler) {
    Router router;
    router.add({"GET", "/", "root", Needs::nothing(), says("root")});
    router.add({"GET", "/cases", "cases", Needs::nothing(), says("cases")});
    router.add({"POST", "/cases/{id*}/events", "event", Needs::nothing(), says("event")});
    router.add({"GET", "/cases/{id*}", "case", Needs::nothing(), says("case")});
    router.add({"GET", "/outbox/{n}", "message", Needs::nothing(), says("message")});
    router.add({"POST", "/outbox/{n}/retry", "retry", Needs::nothing(), says("retry")});
    router.set_refusal([](const HttpRequest&, int status) {
        return HttpResponse{.status = status, .headers = {}, .body = "refused"};
    });
    std::string observed;
    router.set_observer([&](std::string_view route, int status,
                            double) { observed = std::string{route} + std::to_string(status); },
                        {});
    HttpRequest request;
    request.method = GetParam().method;
    request.raw_path = GetParam().path;
    const HttpResponse response = router.handle(request);
    EXPECT_EQ(response.status, GetParam().status);
    EXPECT_EQ(response.body, GetParam().body);
    EXPECT_TRUE(observed.ends_with(std::to_string(GetParam().status)));
    const std::string allow = GetParam().allow;
    EXPECT_EQ(allow.empty() ? "" : response.headers.front().second, allow);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Routes,
    ::testing::Values(
        Row{"root", "GET", "/", 200, "root"}, Row{"plain", "GET", "/cases", 200, "cases"},
        Row{"rest", "GET", "/cases/p/plan/gjovik", 200, "case id=p/plan/gjovik"},
        Row{"rest_encoded", "GET", "/cases/p%2Fplan%2Fgj%C3%B8vik", 200, "case id=p/plan/gjøvik"},
        Row{"rest_before_a_word", "POST", "/cases/p/plan/sel/events", 200, "event id=p/plan/sel"},
        Row{"word_in_the_id", "GET", "/cases/p%2Fevents", 200, "case id=p/events"},
        Row{"one", "GET", "/outbox/12", 200, "message n=12"},
        Row{"one_before_a_word", "POST", "/outbox/12/retry", 200, "retry n=12"},
        Row{"empty_segment", "GET", "/cases/", 404, "refused"},
        Row{"empty_segment_inside", "GET", "/cases/a//b", 404, "refused"},
        Row{"unknown", "GET", "/nothing", 404, "refused"},
        Row{"wrong_method", "DELETE", "/cases", 405, "refused", "OPTIONS, GET, HEAD"},
        Row{"read_of_what_is_written", "GET", "/cases/a/events", 405, "refused", "OPTIONS, POST"},
        Row{"options", "OPTIONS", "/cases", 204, "", "OPTIONS, GET, HEAD"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace fristvakt::tests
