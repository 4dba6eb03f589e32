#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

#include <curl/curl.h>

#include "tests/bench/limits/limits.hpp"

namespace fristvakt::bench {

namespace {

struct Upload {
    std::string_view rest;
};

std::size_t read_some(char* buffer, std::size_t size, std::size_t count, void* context) {
    auto& upload = *static_cast<Upload*>(context);
    const std::size_t taken = std::min(size * count, upload.rest.size());
    std::memcpy(buffer, upload.rest.data(), taken);
    upload.rest.remove_prefix(taken);
    return taken;
}

std::string message_of(std::size_t bytes) {
    std::string message =
        "From: a@embetet.example\r\nTo: b@kommunen.example\r\nSubject: Frist\r\n\r\n";
    while (message.size() < bytes) {
        message += std::string(74, 'x') + "\r\n";
    }
    return message;
}

/// Sends `count` messages; the number that failed.
long run_session(const std::string& url, long count, const std::string& message) {
    CURL* const session = curl_easy_init();
    curl_slist* const to = curl_slist_append(nullptr, "b@kommunen.example");
    Upload upload;
    curl_easy_setopt(session, CURLOPT_URL, url.c_str());
    curl_easy_setopt(session, CURLOPT_MAIL_FROM, "a@embetet.example");
    curl_easy_setopt(session, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(session, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(session, CURLOPT_READFUNCTION, read_some);
    curl_easy_setopt(session, CURLOPT_READDATA, &upload);
    curl_easy_setopt(session, CURLOPT_NOSIGNAL, 1L);
    long failed = 0;
    for (long i = 0; i < count; ++i) {
        upload.rest = message;
        failed += curl_easy_perform(session) != CURLE_OK;
    }
    curl_slist_free_all(to);
    curl_easy_cleanup(session);
    return failed;
}

}  // namespace

void smtp(const Arguments& arguments) {
    const std::string url = "smtp://127.0.0.1:" + arguments[0];
    const long sessions = std::stol(arguments[1]);
    const long each = std::stol(arguments[2]) / sessions;
    const std::string message = message_of(std::stoul(arguments[3]));
    curl_global_init(CURL_GLOBAL_ALL);
    std::atomic<long> failed{0};
    std::vector<std::thread> threads;
    const auto begin = Machine::now();
    for (long i = 0; i < sessions; ++i) {
        threads.emplace_back([&] { failed += run_session(url, each, message); });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    print("per_second", static_cast<double>(each * sessions) / seconds_since(begin));
    print("failed", static_cast<double>(failed));
}

}  // namespace fristvakt::bench
