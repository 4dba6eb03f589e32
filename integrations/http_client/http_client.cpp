#include "integrations/http_client/http_client.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <memory>
#include <string_view>

#include <curl/curl.h>

#include "workflows/definition/this_machine.hpp"

namespace fristvakt::integrations {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;
using workflows::Status;

namespace {

constexpr std::size_t kAnswerBytesMax = std::size_t{64} << 20U;

/// libcurl's own start-up, once for the program; thread-safe since 7.84 where initialised statics
/// are.
void start_libcurl() {
    static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(kStarted);
}

struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
    void operator()(char* text) const { curl_free(text); }
};
template <typename Thing>
using Owned = std::unique_ptr<Thing, Free>;

std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK) {
        return {};
    }
    const Owned<char> owned{text};
    return text;
}

/// What of the URL may be shown.
std::string shown(const HttpCall& call) {
    const Owned<CURLU> url{curl_url()};
    if (!call.is_url_secret || url == nullptr) {
        return call.url;
    }
    const bool good = curl_url_set(url.get(), CURLUPART_URL, call.url.c_str(), 0) == CURLUE_OK;
    return good ? part_of(url.get(), CURLUPART_HOST) : std::string{"the secret address"};
}

Status check_url(const HttpCall& call) {
    const Owned<CURLU> url{curl_url()};
    if (url == nullptr ||
        curl_url_set(url.get(), CURLUPART_URL, call.url.c_str(), 0) != CURLUE_OK) {
        return Error{ErrorKind::InvalidInput,
                     "'" + shown(call) + "' is no address; write it like http://127.0.0.1:8080"};
    }
    const std::string scheme = part_of(url.get(), CURLUPART_SCHEME);
    const std::string host = part_of(url.get(), CURLUPART_HOST);
    if (scheme != "https" && !(scheme == "http" && workflows::is_this_machine(host))) {
        return Error{ErrorKind::InvalidInput,
                     "'" + shown(call) +
                         "': plain http goes to this machine alone (127.0.0.1, [::1]); use https, "
                         "or run the command on the daemon's machine"};
    }
    return workflows::Done{};
}

/// Called by libcurl; must not throw. Less than all ends the transfer.
std::size_t collect(char* bytes, std::size_t size, std::size_t count, void* into) {
    auto& body = *static_cast<std::string*>(into);
    const std::size_t length = size * count;
    if (body.size() + length > kAnswerBytesMax) {
        return 0;
    }
    try {
        body.append(bytes, length);
    } catch (...) {
        return 0;
    }
    return length;
}

/// Called by libcurl now and then; must not throw. Anything but 0 ends the transfer.
int is_stopped(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

std::string media_type(const char* content_type) {
    std::string type{content_type == nullptr ? "" : content_type};
    type.resize(std::min(type.find(';'), type.size()));
    type.erase(type.find_last_not_of(' ') + 1);
    std::transform(type.begin(), type.end(), type.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return type;
}

Error failure(CURLcode code, CURL* curl, const HttpCall& call) {
    // Before that, nothing of the request has gone.
    curl_off_t ready_at = 0;
    curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME_T, &ready_at);
    std::string message = shown(call) + ": " + curl_easy_strerror(code);
    if (call.is_url_secret) {
        message += ready_at == 0 ? "" : "; the request may have arrived";
    } else if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST) {
        message += "; is the daemon running, and does it listen there? (--url)";
    } else {
        message += "; the request may have arrived: look before you send it again";
    }
    return {ErrorKind::Unavailable, message, std::string{ready_at == 0 ? kNotSent : ""}};
}

}  // namespace

Result<HttpAnswer> call_http(const HttpCall& call) {
    start_libcurl();
    if (const Status good = check_url(call); !good.ok()) {
        return good.error();
    }
    const Owned<CURL> handle{curl_easy_init()};
    if (handle == nullptr) {
        return Error{ErrorKind::Unavailable, "libcurl does not start; out of memory?"};
    }
    CURL* curl = handle.get();
    Owned<curl_slist> headers;
    const auto add_header = [&](const std::string& line) {
        headers.reset(curl_slist_append(headers.release(), line.c_str()));
    };
    for (const auto& [name, value] : call.headers) {
        add_header(std::string{name}.append(": ").append(value));
    }
    add_header("Expect:");  // No waiting for a "100 Continue" before the body.
    HttpAnswer answer;
    curl_easy_setopt(curl, CURLOPT_URL, call.url.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call.method.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(call.connect_timeout.count()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(call.timeout.count()));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, static_cast<void*>(&answer.body));
    std::stop_token stop = call.stop;
    if (stop.stop_possible()) {
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &is_stopped);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, static_cast<void*>(&stop));
    }
    if (!call.ca_file.empty()) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, call.ca_file.c_str());
    }
    if (!call.body.empty() || call.method == "POST") {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call.body.data());
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(call.body.size()));
    }
    if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK) {
        return failure(code, curl, call);
    }
    long status = 0;
    const char* content_type = nullptr;
    curl_off_t retry_after = 0;
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
    answer.retry_after = std::chrono::seconds{retry_after};
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &content_type);
    answer.status = static_cast<int>(status);
    answer.content_type = media_type(content_type);
    return answer;
}

}  // namespace fristvakt::integrations
