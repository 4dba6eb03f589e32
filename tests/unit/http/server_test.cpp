#include "daemon/http/server.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/unit/http/raw_client.hpp"

namespace fristvakt::tests {
namespace {

using daemon::HttpRequest;
using daemon::HttpResponse;
using daemon::HttpServer;
using daemon::ServerOptions;
using std::chrono::steady_clock;
using workflows::ErrorKind;

HttpResponse echo(HttpRequest& request) {
    if (request.raw_path == "/throws") {
        throw std::runtime_error{"password=hunter2"};
    }
    if (request.raw_path == "/splits") {
        return {.status = 200, .headers = {{"X-Echo", "a\r\nSet-Cookie: b"}}, .body = ""};
    }
    return {.status = 200,
            .headers = {{"Content-Type", "text/plain"}},
            .body = request.method + " " + request.raw_path + " " +
                    std::string{request.argument("q").value_or("-")} + " " +
                    std::to_string(request.body.size()) + " " + request.remote_address};
}

class Server : public ::testing::Test {
 protected:
    void start(ServerOptions options = {}, HttpServer::Handler handler = echo) {
        auto started = HttpServer::start(std::move(options), std::move(handler));
        ASSERT_TRUE(started.ok()) << started.error().message;
        server_ = std::move(started).value();
    }
    [[nodiscard]] int port() const { return server_->port(); }
    [[nodiscard]] RawResponse get(std::string_view path,
                                  const std::vector<std::string>& headers = {}) const {
        return RawClient{port()}.exchange(get_request(port(), path, headers));
    }

    std::unique_ptr<HttpServer> server_;
};

TEST_F(Server, AnswersAndKeepsTheConnectionForMany) {
    start();
    RawClient client{port()};
    for (int i = 0; i < 50; ++i) {
        const RawResponse response = client.exchange(get_request(port(), "/a/b?q=%C3%A6+1"));
        ASSERT_EQ(response.status, 200);
        EXPECT_EQ(response.body, "GET /a/b æ 1 0 127.0.0.1");
    }
}

TEST_F(Server, AnswersWhatIsSentInOneGoInOrder) {
    start();
    RawClient client{port()};
    client.send(get_request(port(), "/1") + post_request(port(), "/2", "{}") +
                get_request(port(), "/3"));
    EXPECT_EQ(client.receive().body.substr(0, 6), "GET /1");
    EXPECT_EQ(client.receive().body.substr(0, 7), "POST /2");
    EXPECT_EQ(client.receive().body.substr(0, 6), "GET /3");
}

TEST_F(Server, LeavesTheBodyOutForHead) {
    start();
    RawClient client{port()};
    client.send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n");
    const RawResponse response = client.receive(true);
    EXPECT_EQ(response.status, 200);
    EXPECT_NE(response.header("content-length"), "0");
    EXPECT_EQ(client.exchange(get_request(port(), "/y")).body.substr(0, 6), "GET /y");
}

TEST_F(Server, SaysTheDate) {
    start({.unix_seconds = [] { return 1610344800.0; }});
    EXPECT_EQ(get("/").header("date"), "Mon, 11 Jan 2021 06:00:00 GMT");
}

// Nagle's algorithm against delayed acknowledgements costs 40 ms an answer.
TEST_F(Server, DoesNotWaitForAcknowledgements) {
    start();
    RawClient client{port()};
    const auto began = steady_clock::now();
    for (int i = 0; i < 100; ++i) {
        ASSERT_EQ(client.exchange(get_request(port(), "/")).status, 200);
    }
    EXPECT_LT(steady_clock::now() - began, std::chrono::milliseconds{2000});
}

struct BadRequest {
    std::string name;
    std::string bytes;
    int status;
};
void PrintTo(const BadRequest& row, std::ostream* out) {
    *out << row.name;
}

class Refusals : public ::testing::TestWithParam<BadRequest> {};

TEST_P(Refusals, AnswersAndClosesSoThatNothingIsReadAsANextRequest) {
    auto started = HttpServer::start({}, echo);
    ASSERT_TRUE(started.ok());
    RawClient client{started.value()->port()};
    client.send(GetParam().bytes);
    const RawResponse response = client.receive();
    EXPECT_EQ(response.status, GetParam().status) << response.body;
    EXPECT_EQ(response.header("connection"), "close");
    EXPECT_EQ(response.header("content-type"), "application/problem+json");
    EXPECT_TRUE(client.is_closed());
}

std::string many_headers() {
    std::string out;
    for (int i = 0; i < 2000; ++i) {
        out += "A" + std::to_string(i) + ": b\r\n";
    }
    return out;
}

const std::string kHead{"POST /a HTTP/1.1\r\nHost: h\r\n"};

INSTANTIATE_TEST_SUITE_P(
    Table, Refusals,
    ::testing::Values(
        BadRequest{"garbage", "\x16\x03\x01 no HTTP\r\n\r\n", 400},
        BadRequest{"http_2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        BadRequest{"long_line", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n\r\n", 431},
        BadRequest{"long_line_without_an_end", "GET /" + std::string(40000, 'a'), 431},
        BadRequest{"many_headers", "GET / HTTP/1.1\r\n" + many_headers() + "\r\n", 431},
        BadRequest{"declared_too_large", kHead + "Content-Length: 65537\r\n\r\n", 413},
        BadRequest{"declared_huge", kHead + "Content-Length: 18446744073709551615\r\n\r\n", 413},
        BadRequest{"sent_too_large",
                   kHead + "Content-Length: 300000\r\n\r\n" + std::string(300000, 'x'), 413},
        BadRequest{"chunked_too_large",
                   kHead + "Transfer-Encoding: chunked\r\n\r\n11170\r\n" + std::string(70000, 'x') +
                       "\r\n0\r\n\r\n",
                   413},
        BadRequest{"chunk_size_overflows",
                   kHead + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx", 400},
        BadRequest{"endless_chunk_extension",
                   kHead + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(60000, 'x'), 431},
        BadRequest{"length_and_chunked",
                   kHead + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        BadRequest{"chunked_and_length",
                   kHead + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
        BadRequest{"two_lengths", kHead + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                   400},
        BadRequest{"gzip_then_chunked", kHead + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                   501},
        BadRequest{"unknown_transfer_encoding",
                   kHead + "Transfer-Encoding: identity\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
                   501},
        BadRequest{"compressed",
                   kHead + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08", 415},
        BadRequest{"refused_with_a_request_behind",
                   kHead + "Content-Encoding: br\r\nContent-Length: 40\r\n\r\n"
                           "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
                   415},
        BadRequest{"unknown_expectation", kHead + "Expect: miracles\r\n\r\n", 417},
        BadRequest{"half_an_escape", "GET /%4 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        BadRequest{"nul_in_the_path", "GET /a%00b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        BadRequest{"line_break_in_the_query", "GET /?a=%0D%0Ab HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        BadRequest{"latin_1_in_the_path", "GET /gj%F8vik HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        BadRequest{"no_path", "GET gjovik HTTP/1.1\r\nHost: h\r\n\r\n", 400}),
    [](const auto& test) { return test.param.name; });

TEST_F(Server, TakesChunkedBodiesWithinTheLimit) {
    start();
    const RawResponse response = RawClient{port()}.exchange(
        kHead + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "POST /a - 11 127.0.0.1");
}

TEST_F(Server, TakesBodiesUpToTheLimit) {
    start();
    const RawResponse response =
        RawClient{port()}.exchange(post_request(port(), "/a", std::string(64 * 1024, 'x')));
    EXPECT_EQ(response.body, "POST /a - 65536 127.0.0.1");
}

TEST_F(Server, AsksForTheBodyWhenTheClientWaitsForThat) {
    start();
    RawClient client{port()};
    client.send(kHead + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(client.receive().status, 100);
    EXPECT_EQ(client.exchange("{}").body, "POST /a - 2 127.0.0.1");
}

TEST_F(Server, KnowsTheAddressFromTheConnectionAlone) {
    start();
    const RawResponse response =
        get("/", {"REMOTE_ADDR: 6.6.6.6", "X-Forwarded-For: 6.6.6.6", "Remote_Port: 1"});
    EXPECT_EQ(response.body, "GET / - 0 127.0.0.1");
}

TEST_F(Server, SaysNothingOfWhatAHandlerThrew) {
    start();
    const RawResponse response = get("/throws");
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ((response.head + response.body).find("hunter2"), std::string::npos);
    EXPECT_EQ(response.header("exception_what"), "");
}

TEST_F(Server, WritesNoHeaderWithALineBreakInIt) {
    start();
    const RawResponse response = get("/splits");
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.header("set-cookie"), "");
}

TEST_F(Server, ServesDescriptorsBeyondTheReachOfSelect) {
    rlimit limit{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4096);
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_cur < 1400) {
        GTEST_SKIP() << "the machine allows no more than " << limit.rlim_cur << " descriptors";
    }
    std::vector<int> taken;
    for (int i = 0; i < 1100; ++i) {
        taken.push_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    }
    start();
    EXPECT_EQ(get("/").status, 200);
    for (const int descriptor : taken) {
        ::close(descriptor);
    }
}

TEST_F(Server, ServesOthersWhileManyAreIdleOrSlow) {
    start({.readers = 2, .writers = 1});
    std::vector<std::unique_ptr<RawClient>> idle;
    for (int i = 0; i < 200; ++i) {
        idle.push_back(std::make_unique<RawClient>(port()));
        idle.back()->send(i % 2 == 0 ? "" : "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n{");
    }
    const auto began = steady_clock::now();
    EXPECT_EQ(get("/").status, 200);
    EXPECT_LT(steady_clock::now() - began, std::chrono::seconds{2});
}

TEST_F(Server, MakesRoomForThoseWhoSpeakWhenAllConnectionsAreTaken) {
    start({.connections_max = 8});
    std::vector<std::unique_ptr<RawClient>> idle;
    for (int i = 0; i < 40; ++i) {
        idle.push_back(std::make_unique<RawClient>(port()));
    }
    const auto began = steady_clock::now();
    EXPECT_EQ(get("/").status, 200);
    EXPECT_LT(steady_clock::now() - began, std::chrono::seconds{2});
    EXPECT_TRUE(idle.front()->is_closed());
}

TEST_F(Server, EndsASlowRequestAfterItsTermHoweverOftenAByteComes) {
    start({.request_time_max = std::chrono::milliseconds{300}});
    RawClient client{port()};
    const auto began = steady_clock::now();
    client.send("GET / HTTP/1.1\r\nHost: h\r\nA: ");
    // However slow the machine: in the end the server hangs up on its own.
    bool is_open = true;
    while (is_open && steady_clock::now() - began < std::chrono::seconds{60}) {
        std::this_thread::yield();
        is_open = client.send("x");
    }
    EXPECT_FALSE(is_open);
}

TEST_F(Server, LetsReadersThroughWhileWritersWait) {
    std::promise<void> release;
    const std::shared_future<void> released = release.get_future().share();
    start({.readers = 1, .writers = 1}, [released](HttpRequest& request) {
        if (request.method == "POST") {
            released.wait();
        }
        return echo(request);
    });
    RawClient writer{port()};
    writer.send(post_request(port(), "/w", "{}"));
    EXPECT_EQ(get("/r").status, 200);
    release.set_value();
    EXPECT_EQ(writer.receive().status, 200);
}

TEST_F(Server, SaysBusyWhenTooManyWait) {
    std::promise<void> release;
    std::promise<void> entered;
    const std::shared_future<void> released = release.get_future().share();
    bool is_first{true};
    start({.writers = 1, .waiting_max = 1}, [&, released](HttpRequest& request) {
        if (std::exchange(is_first, false)) {
            entered.set_value();
        }
        released.wait();
        return echo(request);
    });
    RawClient running{port()};
    running.send(post_request(port(), "/w", "{}"));
    entered.get_future().wait();
    // One of these two waits, the other is told; which of them, the order of arrival decides.
    RawClient first{port()};
    first.send(post_request(port(), "/w", "{}"));
    RawClient second{port()};
    second.send(post_request(port(), "/w", "{}"));
    auto one = std::async(std::launch::async, [&] { return first.receive(); });
    auto two = std::async(std::launch::async, [&] { return second.receive(); });
    while (one.wait_for(std::chrono::milliseconds{1}) != std::future_status::ready &&
           two.wait_for(std::chrono::milliseconds{1}) != std::future_status::ready) {
    }
    release.set_value();
    const RawResponse a = one.get();
    const RawResponse b = two.get();
    EXPECT_EQ(a.status + b.status, 200 + 503);
    EXPECT_EQ((a.status == 503 ? a : b).header("retry-after"), "1");
}

TEST_F(Server, StopsWithinItsBoundAndFinishesWhatIsUnderWay) {
    std::promise<void> entered;
    std::promise<void> release;
    start({}, [&](HttpRequest& request) {
        entered.set_value();
        release.get_future().wait();
        return echo(request);
    });
    RawClient idle{port()};
    RawClient busy{port()};
    busy.send(get_request(port(), "/slow"));
    entered.get_future().wait();
    auto stopped = std::async(std::launch::async, [&] { server_->stop(); });
    EXPECT_TRUE(idle.is_closed());
    release.set_value();
    const RawResponse response = busy.receive();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.header("connection"), "close");
    EXPECT_EQ(stopped.wait_for(std::chrono::seconds{3}), std::future_status::ready);
    server_->stop();
}

TEST_F(Server, StopsThoughAClientNeverFinishesItsRequest) {
    start({.stop_time_max = std::chrono::milliseconds{200}});
    RawClient client{port()};
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n");
    EXPECT_EQ(get("/").status, 200);
    const auto began = steady_clock::now();
    server_->stop();
    EXPECT_LT(steady_clock::now() - began, std::chrono::seconds{3});
    EXPECT_TRUE(client.is_closed());
}

TEST_F(Server, StopsBeforeAnybodyCame) {
    start();
    server_->stop();
    server_.reset();
}

TEST_F(Server, SaysThatAPortIsInUse) {
    start();
    const auto second = HttpServer::start({.listen = "127.0.0.1:" + std::to_string(port())}, echo);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().kind, ErrorKind::Conflict);
    EXPECT_NE(second.error().message.find("in use by another program"), std::string::npos);
}

TEST_F(Server, ListensAgainAtOnceWhereItListenedBefore) {
    start();
    const std::string listen = "127.0.0.1:" + std::to_string(port());
    EXPECT_EQ(get("/").status, 200);
    server_.reset();
    start({.listen = listen});
    EXPECT_EQ(get("/").status, 200);
}

struct BadAddress {
    std::string name;
    std::string listen;
    std::string says;
};
void PrintTo(const BadAddress& row, std::ostream* out) {
    *out << row.name;
}
class Addresses : public ::testing::TestWithParam<BadAddress> {};

TEST_P(Addresses, AreRefusedWithTheReason) {
    const auto started = HttpServer::start({.listen = GetParam().listen}, echo);
    ASSERT_FALSE(started.ok());
    EXPECT_EQ(started.error().kind, ErrorKind::InvalidInput);
    EXPECT_NE(started.error().message.find(GetParam().says), std::string::npos)
        << started.error().message;
}

INSTANTIATE_TEST_SUITE_P(Table, Addresses,
                         ::testing::Values(BadAddress{"everybody", "0.0.0.0:0", "sign in"},
                                           BadAddress{"everybody_6", "[::]:0", "sign in"},
                                           BadAddress{"lan", "192.168.1.5:8080", "sign in"},
                                           BadAddress{"no_port", "127.0.0.1", "ADDRESS:PORT"},
                                           BadAddress{"empty_port", "127.0.0.1:", "65535"},
                                           BadAddress{"large_port", "127.0.0.1:65536", "65535"},
                                           BadAddress{"name", "server.example:80", "numeric"},
                                           BadAddress{"nothing", "", "ADDRESS:PORT"}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace fristvakt::tests
