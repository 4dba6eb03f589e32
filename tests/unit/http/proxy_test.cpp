#include "daemon/http/proxy.hpp"

#include <gtest/gtest.h>

namespace fristvakt::tests {
namespace {

using daemon::HttpRequest;

struct Row {
    std::string name;
    std::string peer;
    std::vector<std::pair<std::string, std::string>> headers;
    int status;  ///< 0: it goes on.
    std::string client;
    std::string method{"GET"};
    std::string public_url{"https://frist.example"};
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}
class Proxies : public ::testing::TestWithParam<Row> {};

TEST_P(Proxies, AreBelievedWhenTheyAreOurs) {
    const Row& row = GetParam();
    HttpRequest request;
    request.method = row.method;
    request.raw_path = "/sak/a%2Fb";
    request.query = {{"x", "1 2"}};
    request.remote_address = row.peer;
    request.headers = row.headers;
    const auto refused =
        daemon::through_proxy(request, {"10.0.0.1", "fd00::1", "127.0.0.1"}, row.public_url);
    EXPECT_EQ(refused ? refused->status : 0, row.status);
    EXPECT_EQ(request.remote_address, row.client);
    if (row.status == 308) {
        EXPECT_EQ(refused->headers.front().second, "https://frist.example/sak/a%2Fb?x=1%202");
    }
}

const std::pair<std::string, std::string> kHttps{"x-forwarded-proto", "https"};
const std::pair<std::string, std::string> kHttp{"x-forwarded-proto", "http"};
const std::pair<std::string, std::string> kFor{"x-forwarded-for", "6.6.6.6, 198.51.100.7"};

INSTANTIATE_TEST_SUITE_P(
    Table, Proxies,
    ::testing::Values(
        Row{"Local", "127.0.0.2", {}, 0, "127.0.0.2"},
        Row{"LocalProgramWhereTheProxyIsLocal", "127.0.0.1", {}, 0, "127.0.0.1"},
        Row{"LocalClaimsNothing", "127.0.0.2", {kFor, kHttp}, 0, "127.0.0.2"},
        Row{"Proxy", "10.0.0.1", {kFor, kHttps}, 0, "198.51.100.7"},
        Row{"ProxyOverIpv6", "fd00::1", {kFor, kHttps}, 0, "198.51.100.7"},
        Row{"ProxyMapped", "::ffff:10.0.0.1", {kFor, kHttps}, 0, "198.51.100.7"},
        Row{"LocalProxy", "127.0.0.1", {kFor, kHttps}, 0, "198.51.100.7"},
        Row{"LocalProxyWithoutTls", "127.0.0.1", {kFor, kHttp}, 308, "198.51.100.7"},
        Row{"LastHeaderCounts",
            "10.0.0.1",
            {{"x-forwarded-for", "6.6.6.6"}, {"x-forwarded-for", "198.51.100.7"}, kHttps},
            0,
            "198.51.100.7"},
        Row{"NoAddress", "10.0.0.1", {{"x-forwarded-for", "<b>"}, kHttps}, 0, "10.0.0.1"},
        Row{"WithoutTls", "10.0.0.1", {kFor, kHttp}, 308, "198.51.100.7"},
        Row{"PostWithoutTls", "10.0.0.1", {kFor, kHttp}, 403, "198.51.100.7", "POST"},
        Row{"SaysNothing", "10.0.0.1", {kFor}, 403, "198.51.100.7"},
        Row{"SpokeOfTlsBefore",
            "10.0.0.1",
            {kFor, {"x-forwarded-proto", "https, http"}},
            308,
            "198.51.100.7"},
        Row{"Elsewhere", "10.0.0.2", {kFor, kHttps}, 403, "10.0.0.2"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace fristvakt::tests
