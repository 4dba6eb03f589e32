#include "daemon/http/same_origin.hpp"

#include <gtest/gtest.h>

namespace fristvakt::tests {
namespace {

using namespace daemon;
using Headers = std::vector<std::pair<std::string, std::string>>;

struct Row {
    std::string name;
    std::string method;
    Headers headers;
    int status;  ///< 0: may pass.
    std::string path{"/"};
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}
class Foreign : public ::testing::TestWithParam<Row> {};

TEST_P(Foreign, RequestsAreRefused) {
    const SameOrigin rule{"https://frist.example/fristvakt"};
    HttpRequest request;
    request.method = GetParam().method;
    request.raw_path = GetParam().path;
    request.headers = GetParam().headers;
    request.local_port = 8080;
    const auto refused = rule.refuse(request);
    EXPECT_EQ(refused ? refused->status : 0, GetParam().status);
}

const std::pair<std::string, std::string> kHost{"host", "127.0.0.1:8080"};
const std::pair<std::string, std::string> kJson{"content-type", "application/json"};

INSTANTIATE_TEST_SUITE_P(
    Table, Foreign,
    ::testing::Values(
        Row{"read", "GET", {kHost}, 0},
        Row{"read_localhost", "GET", {{"host", "LOCALHOST:8080"}}, 0},
        Row{"read_ipv6", "GET", {{"host", "[::1]:8080"}}, 0},
        Row{"read_public", "GET", {{"host", "frist.example"}}, 0},
        Row{"read_public_with_port", "GET", {{"host", "frist.example:443"}}, 0},
        Row{"read_no_host", "GET", {}, 400}, Row{"read_two_hosts", "GET", {kHost, kHost}, 400},
        Row{"read_rebound_name", "GET", {{"host", "evil.example:8080"}}, 421},
        Row{"read_other_port", "GET", {{"host", "127.0.0.1:9090"}}, 421},
        Row{"read_no_port", "GET", {{"host", "127.0.0.1"}}, 421},
        Row{"read_host_with_user", "GET", {{"host", "x@127.0.0.1:8080"}}, 421},
        Row{"read_host_with_path", "GET", {{"host", "127.0.0.1:8080/x"}}, 421},
        Row{"read_from_elsewhere", "GET", {kHost, {"origin", "https://evil.example"}}, 0},
        Row{"write", "POST", {kHost, kJson}, 0},
        Row{"write_with_charset",
            "POST",
            {kHost, {"content-type", "Application/JSON; charset=utf-8"}},
            0},
        Row{"write_form",
            "POST",
            {kHost, {"content-type", "application/x-www-form-urlencoded"}},
            403},
        Row{"write_text", "POST", {kHost, {"content-type", "text/plain"}}, 415},
        Row{"hook_text", "POST", {kHost, {"content-type", "text/plain"}}, 0, "/hooks/graph"},
        Row{"hook_from_elsewhere",
            "POST",
            {kHost, kJson, {"origin", "https://evil.example"}},
            403,
            "/hooks/graph"},
        Row{"write_like_json", "POST", {kHost, {"content-type", "application/json5"}}, 415},
        Row{"write_no_type", "POST", {kHost}, 415},
        Row{"write_own_origin", "POST", {kHost, kJson, {"origin", "http://127.0.0.1:8080"}}, 0},
        Row{"write_public_origin",
            "POST",
            {{"host", "frist.example"}, kJson, {"origin", "https://frist.example"}},
            0},
        Row{"write_other_origin", "POST", {kHost, kJson, {"origin", "https://evil.example"}}, 403},
        Row{"write_other_port", "POST", {kHost, kJson, {"origin", "http://127.0.0.1:3000"}}, 403},
        Row{"write_null_origin", "POST", {kHost, kJson, {"origin", "null"}}, 403},
        Row{"write_same_site", "POST", {kHost, kJson, {"sec-fetch-site", "same-site"}}, 403},
        Row{"write_cross_site", "POST", {kHost, kJson, {"sec-fetch-site", "cross-site"}}, 403},
        Row{"write_by_hand", "POST", {kHost, kJson, {"sec-fetch-site", "none"}}, 0},
        Row{"write_same_origin", "POST", {kHost, kJson, {"sec-fetch-site", "same-origin"}}, 0},
        Row{"delete_form", "DELETE", {kHost}, 415}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace fristvakt::tests
