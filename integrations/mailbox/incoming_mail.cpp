#include "integrations/mailbox/incoming_mail.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <memory>
#include <optional>
#include <utility>

#include <gmime/gmime.h>

#include "integrations/mail/header.hpp"
#include "workflows/definition/mail_address.hpp"

namespace fristvakt::integrations {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

namespace {

constexpr std::size_t kLinesMax = 100'000;
/// Lines that begin with two hyphens: each may begin a part.
constexpr std::size_t kDashedLinesMax = 2'000;
constexpr int kDepthMax = 30;
constexpr std::size_t kPartsMax = 500;
constexpr std::size_t kCalendarsMax = 10;
constexpr std::size_t kMessageIdsMax = 50;

Error wrong(std::string_view what) {
    return {ErrorKind::InvalidInput, "the message cannot be read: " + std::string{what}};
}

/// Owns what GMime made.
struct Unref {
    void operator()(gpointer object) const { g_object_unref(object); }
    void operator()(GMimeReferences* list) const { g_mime_references_free(list); }
};
template <typename Thing>
using Owned = std::unique_ptr<Thing, Unref>;

void start_gmime() {
    static const bool kStarted = [] {
        g_mime_init();
        return true;
    }();
    static_cast<void>(kStarted);
}

std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

/// What GMime takes much memory or time for, seen before it does.
std::optional<Error> refuse(std::string_view bytes) {
    if (bytes.size() > kIncomingBytesMax) {
        return wrong("it is larger than 4 MiB");
    }
    std::size_t lines = 0;
    std::size_t dashed = 0;
    for (std::size_t at = 0; at < bytes.size(); ++lines) {
        dashed += bytes.substr(at, 2) == "--" ? 1 : 0;
        at = std::min(bytes.find('\n', at), bytes.size() - 1) + 1;
    }
    if (lines > kLinesMax || dashed > kDashedLinesMax) {
        return wrong(lines > kLinesMax ? "it has too many lines" : "it has too many parts");
    }
    return std::nullopt;
}

/// All values of a header field, unfolded, as they were sent.
std::vector<std::string> values_of(GMimeObject* object, const char* name) {
    std::vector<std::string> out;
    GMimeHeaderList* const list = g_mime_object_get_header_list(object);
    for (int i = 0; i < g_mime_header_list_get_count(list); ++i) {
        GMimeHeader* const header = g_mime_header_list_get_header_at(list, i);
        if (g_ascii_strcasecmp(g_mime_header_get_name(header), name) != 0) {
            continue;
        }
        const char* const raw = g_mime_header_get_raw_value(header);
        std::string value{raw == nullptr ? "" : raw};
        std::erase_if(value, [](char c) { return c == '\r' || c == '\n'; });
        const auto first = value.find_first_not_of(" \t");
        value.erase(0, std::min(first, value.size()));
        value.erase(value.find_last_not_of(" \t") + 1);
        out.push_back(std::move(value));
    }
    return out;
}

std::string sender_of(GMimeMessage* message) {
    if (values_of(GMIME_OBJECT(message), "From").size() != 1) {
        return {};
    }
    InternetAddressList* const list = g_mime_message_get_from(message);
    if (list == nullptr || internet_address_list_length(list) != 1) {
        return {};
    }
    InternetAddress* const one = internet_address_list_get_address(list, 0);
    if (!INTERNET_ADDRESS_IS_MAILBOX(one)) {
        return {};
    }
    const char* const address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));
    std::string out = lower(address == nullptr ? "" : address);
    return workflows::is_mail_address(out) ? out : std::string{};
}

void add_message_ids(const std::vector<std::string>& values, std::vector<std::string>& out) {
    for (const std::string& value : values) {
        const Owned<GMimeReferences> list{g_mime_references_parse(nullptr, value.c_str())};
        const int count = list == nullptr ? 0 : g_mime_references_length(list.get());
        for (int i = 0; i < count && out.size() < kMessageIdsMax; ++i) {
            const char* const id = g_mime_references_get_message_id(list.get(), i);
            if (id != nullptr && is_message_id(id) && std::ranges::find(out, id) == out.end()) {
                out.emplace_back(id);
            }
        }
    }
}

bool is_type(GMimeObject* part, const char* type, const char* subtype) {
    GMimeContentType* const content_type = g_mime_object_get_content_type(part);
    return content_type != nullptr && g_mime_content_type_is_type(content_type, type, subtype) != 0;
}

/// In lower case; empty without one.
std::string parameter_of(GMimeObject* part, const char* name) {
    GMimeContentType* const content_type = g_mime_object_get_content_type(part);
    const char* const value =
        content_type == nullptr ? nullptr : g_mime_content_type_get_parameter(content_type, name);
    return lower(value == nullptr ? "" : value);
}

MailOrigin origin_of(GMimeMessage* message, std::string_view from) {
    auto* const object = GMIME_OBJECT(message);
    const auto one_of = [&](const char* name, std::initializer_list<std::string_view> words) {
        return std::ranges::any_of(values_of(object, name), [&](const std::string& value) {
            return std::ranges::find(words, lower(value)) != words.end();
        });
    };
    GMimeObject* const body = g_mime_message_get_mime_part(message);
    const bool is_report = body != nullptr && is_type(body, "multipart", "report");
    if ((is_report && parameter_of(body, "report-type") == "delivery-status") ||
        one_of("Return-Path", {"<>"}) || from.starts_with("mailer-daemon@")) {
        return MailOrigin::Bounce;
    }
    const auto submitted = values_of(object, "Auto-Submitted");
    const bool says_so = std::ranges::any_of(submitted, [](const std::string& value) {
        return lower(value.substr(0, value.find_first_of(" \t;("))) != "no";
    });
    const bool is_program = says_so || is_report || one_of("X-Autoreply", {"yes"}) ||
                            one_of("X-Autorespond", {"yes"}) ||
                            one_of("Precedence", {"bulk", "junk", "list", "auto_reply"});
    return is_program ? MailOrigin::Program : MailOrigin::Person;
}

/// Of several pieces put together too, each with its own padding: GMime 3.2.13 stops at the first.
std::string from_base64(std::string_view text) {
    static constexpr std::string_view kLetters{
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
    std::string out;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char letter : text) {
        const auto value = kLetters.find(letter);
        if (letter == '=') {
            bits = count = 0;
        }
        if (value == std::string_view::npos) {
            continue;
        }
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>((bits >> count) & 0xFFU);
        }
    }
    return out;
}

std::string all_of(GMimeStream* stream) {
    std::string out;
    std::array<char, 4096> buffer{};
    (void)g_mime_stream_reset(stream);
    while (true) {
        const ssize_t count = g_mime_stream_read(stream, buffer.data(), buffer.size());
        if (count <= 0) {
            return out;
        }
        out.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

std::string decoded(GMimePart* part) {
    GMimeDataWrapper* const content = g_mime_part_get_content(part);
    if (content == nullptr) {
        return {};
    }
    if (g_mime_data_wrapper_get_encoding(content) == GMIME_CONTENT_ENCODING_BASE64) {
        return from_base64(all_of(g_mime_data_wrapper_get_stream(content)));
    }
    const Owned<GMimeStream> out{g_mime_stream_mem_new()};
    (void)g_mime_data_wrapper_write_to_stream(content, out.get());
    return all_of(out.get());
}

/// As it is, where nothing better can be made of it: whoever reads it copes.
std::string as_utf8(std::string bytes, const std::string& charset) {
    constexpr std::size_t kNameMax = 40;
    const bool is_name =
        charset.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.:") == std::string::npos;
    if (charset.empty() || charset.size() > kNameMax || !is_name || charset == "utf-8" ||
        charset == "us-ascii") {
        return bytes;
    }
    gsize written = 0;
    GError* error = nullptr;
    char* const converted = g_convert(bytes.data(), static_cast<gssize>(bytes.size()), "UTF-8",
                                      charset.c_str(), nullptr, &written, &error);
    if (converted == nullptr) {
        g_clear_error(&error);
        return bytes;
    }
    std::string out{converted, written};
    g_free(converted);
    return out;
}

/// The calendars in a tree of parts, in their order.
class CalendarFinder {
 public:
    void look_into(GMimeObject* part, int depth) {
        if (part == nullptr || depth > kDepthMax || ++parts_ > kPartsMax) {
            is_too_much_ = is_too_much_ || part != nullptr;
            return;
        }
        if (GMIME_IS_MULTIPART(part)) {
            auto* const parts = GMIME_MULTIPART(part);
            for (int i = 0; i < g_mime_multipart_get_count(parts) && !is_too_much_; ++i) {
                look_into(g_mime_multipart_get_part(parts, i), depth + 1);
            }
        } else if (GMIME_IS_PART(part)) {
            look_at(GMIME_PART(part));
        }
    }

    [[nodiscard]] bool is_too_much() const { return is_too_much_; }
    [[nodiscard]] std::vector<std::string> found() && {
        return has_calendar_ ? std::move(replies_) : std::move(files_);
    }

 private:
    void look_at(GMimePart* part) {
        auto* const object = GMIME_OBJECT(part);
        if (is_type(object, "text", "calendar")) {
            has_calendar_ = true;
            if (parameter_of(object, "method") == "reply") {
                add(part, replies_);
            }
        } else if (is_type(object, "application", "ics")) {
            add(part, files_);
        }
    }
    static void add(GMimePart* part, std::vector<std::string>& to) {
        std::string bytes = as_utf8(decoded(part), parameter_of(GMIME_OBJECT(part), "charset"));
        if (to.size() < kCalendarsMax && std::ranges::find(to, bytes) == to.end()) {
            to.push_back(std::move(bytes));
        }
    }

    std::vector<std::string> replies_;
    std::vector<std::string> files_;
    std::size_t parts_{0};
    bool has_calendar_{false};
    bool is_too_much_{false};
};

}  // namespace

Result<IncomingMail> read_mail(std::string_view bytes) {
    if (auto refusal = refuse(bytes)) {
        return *std::move(refusal);
    }
    start_gmime();
    const Owned<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size())};
    const Owned<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
    const Owned<GMimeMessage> message{g_mime_parser_construct_message(parser.get(), nullptr)};
    if (message == nullptr) {
        return wrong("it has no header");
    }
    CalendarFinder finder;
    finder.look_into(g_mime_message_get_mime_part(message.get()), 0);
    if (finder.is_too_much()) {
        return wrong("it has too many parts");
    }
    auto* const object = GMIME_OBJECT(message.get());
    IncomingMail out;
    out.from = sender_of(message.get());
    std::vector<std::string> own_ids;
    add_message_ids(values_of(object, "Message-ID"), own_ids);
    out.message_id = own_ids.empty() ? std::string{} : own_ids.front();
    add_message_ids(values_of(object, "In-Reply-To"), out.answers_to);
    add_message_ids(values_of(object, "References"), out.answers_to);
    out.origin = origin_of(message.get(), out.from);
    out.calendars = std::move(finder).found();
    return out;
}

std::vector<Result<calendar::Reply>> replies_in(const IncomingMail& mail) {
    std::vector<Result<calendar::Reply>> out;
    for (const std::string& calendar : mail.calendars) {
        out.push_back(calendar::read_reply(calendar));
    }
    return out;
}

}  // namespace fristvakt::integrations
