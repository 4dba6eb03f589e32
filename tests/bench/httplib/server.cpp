#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <httplib.h>

/// cpp-httplib at its best settings, answering /answer with the bytes of a file:
///
///   bench_httplib THREADS FILE TYPE      prints "port N"
int main(int count, char** arguments) {
    if (count != 4) {
        std::fprintf(stderr, "usage: bench_httplib THREADS FILE TYPE\n");
        return 2;
    }
    std::ifstream in{arguments[2], std::ios::binary};
    const std::string body{std::istreambuf_iterator<char>{in}, {}};
    const std::string type = arguments[3];
    const auto threads = std::strtoul(arguments[1], nullptr, 10);
    httplib::Server server;
    server.new_task_queue = [threads] { return new httplib::ThreadPool(threads); };
    server.set_tcp_nodelay(true);
    server.set_keep_alive_max_count(100'000'000);
    server.set_keep_alive_timeout(60);
    server.Get("/answer", [&](const httplib::Request&, httplib::Response& response) {
        response.set_content(body, type);
    });
    std::printf("port %d\n", server.bind_to_any_port("127.0.0.1"));
    std::fflush(stdout);
    server.listen_after_bind();
    return 0;
}
