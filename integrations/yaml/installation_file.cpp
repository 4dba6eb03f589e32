#include <algorithm>
#include <array>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "integrations/yaml/files.hpp"
#include "integrations/yaml/keys.hpp"
#include "workflows/definition/mail_address.hpp"
#include "workflows/model/message.hpp"

namespace fristvakt::integrations {
namespace {

using workflows::Installation;
using workflows::Language;
using workflows::SendingMode;
using workflows::SendWindow;
using workflows::SmtpSettings;

constexpr int kHttpPortMax = 65535;

/// "08:00-16:00" into `window`.
void read_hours(Findings& findings, const YamlNode& node, SendWindow& window) {
    const std::string_view text = node.text;
    const auto dash = text.find('-');
    const auto opens = workflows::parse_time_of_day(trimmed(text.substr(0, dash)));
    const auto closes = dash == std::string_view::npos
                            ? std::nullopt
                            : workflows::parse_time_of_day(trimmed(text.substr(dash + 1)));
    if (node.kind != YamlNode::Kind::Scalar || !opens || !closes) {
        findings.error(node, "these are no hours", "write such as \"08:00-16:00\"");
    } else if (*opens >= *closes) {
        findings.error(node, fmt::format("the window {} closes before it opens", text),
                       "write the earlier time first; the night is no time to write to people");
    } else {
        window.opens = *opens;
        window.closes = *closes;
    }
}

void read_days(Findings& findings, const YamlNode& node, SendWindow& window) {
    static constexpr Choice<bool> kKinds[] = {{"working", true}, {"all", false}};
    static constexpr std::array<std::string_view, 5> kWeekdays{"mon", "tue", "wed", "thu", "fri"};
    if (node.kind == YamlNode::Kind::Scalar) {
        put(window.working_days_only, read_choice(findings, node, kKinds));
        return;
    }
    window.weekdays.reset();
    for (const YamlNode* item : read_items(findings, node)) {
        if (const auto day = read_word(findings, *item, kWeekdays)) {
            window.weekdays.set(*day);
        }
    }
    if (node.kind == YamlNode::Kind::Sequence && node.items.empty()) {
        findings.error(node, "no day is left to send on", "write `working`, or name some weekdays");
    }
}

void read_send_window(Findings& findings, const YamlNode& node, Draft& draft) {
    const Mapping map(findings, node, keys::kSendWindowTable);
    SendWindow& window = draft.definitions.installation.send_window;
    map.add_places(draft.definitions.installation.places, "send_window.");
    if (const YamlNode* days = map.find("days")) {
        read_days(findings, *days, window);
    }
    if (const YamlNode* hours = map.find("hours")) {
        read_hours(findings, *hours, window);
    }
    if (const YamlNode* avoid = map.find("avoid")) {
        for (const YamlNode* item : read_one_or_more(findings, *avoid)) {
            if (auto id = read_id(findings, *item)) {
                draft.avoid.emplace_back(std::move(*id), findings.at(*item));
            }
        }
    }
}

/// HOST:PORT with a port from 1 (0 lets the system choose, which tests use).
std::optional<std::string> read_listener(Findings& findings, const YamlNode& node) {
    auto text = read_line(findings, node);
    if (!text) {
        return std::nullopt;
    }
    const auto colon = text->rfind(':');
    const std::string port = colon == std::string::npos ? "" : text->substr(colon + 1);
    const bool is_number = !port.empty() && port.size() <= 5 &&
                           std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
    if (colon == 0 || !is_number || std::stoi(port) > kHttpPortMax) {
        findings.error(node, fmt::format("`{}` is no address to listen on", *text),
                       "write HOST:PORT, such as 127.0.0.1:8080");
        return std::nullopt;
    }
    return text;
}

void read_smtp(Findings& findings, const YamlNode& node, Installation& installation) {
    static constexpr std::string_view kSchemes[] = {"smtp://", "smtps://"};
    static constexpr Choice<SmtpSettings::StartTls> kStartTls[] = {
        {"required", SmtpSettings::StartTls::Required}, {"off", SmtpSettings::StartTls::Off}};
    const Mapping map(findings, node, keys::kSmtpTable);
    if (!map.is_map()) {
        return;
    }
    map.add_places(installation.places, "mail.smtp.");
    SmtpSettings& smtp = installation.mail.smtp.emplace();
    if (const YamlNode* url = map.find("url")) {
        put(smtp.url, read_url(findings, *url, kSchemes));
    }
    if (const YamlNode* starttls = map.find("starttls")) {
        put(smtp.starttls, read_choice(findings, *starttls, kStartTls));
    }
    if (const YamlNode* user = map.find("user")) {
        put(smtp.user, read_line(findings, *user));
    }
    if (const YamlNode* password = map.find("password")) {
        put(smtp.password, read_secret(findings, *password));
    }
    if (const YamlNode* ca_file = map.find("ca_file")) {
        put(smtp.ca_file, read_line(findings, *ca_file));
    }
    const bool has_user = map.find("user") != nullptr;
    const bool has_password = map.find("password") != nullptr;
    if (has_user != has_password) {
        findings.error(
            node,
            has_user ? "`user` stands without `password`" : "`password` stands without `user`",
            "give both, or neither");
    }
}

void read_mail(Findings& findings, const YamlNode& node, Installation& installation) {
    const Mapping map(findings, node, keys::kMailTable);
    map.add_places(installation.places, "mail.");
    if (const YamlNode* from = map.find("from")) {
        put(installation.mail.from, read_address(findings, *from));
    }
    if (const YamlNode* reply_to = map.find("reply_to")) {
        put(installation.mail.reply_to, read_address(findings, *reply_to));
    }
    if (const YamlNode* smtp = map.find("smtp")) {
        read_smtp(findings, *smtp, installation);
    }
}

void read_allowlist(Findings& findings, const YamlNode& node, Installation& installation) {
    for (const YamlNode* item : read_one_or_more(findings, node)) {
        auto text = read_line(findings, *item);
        if (!text) {
            continue;
        }
        std::ranges::transform(*text, text->begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        const auto channel = workflows::teams_id(*text);
        if (workflows::is_mail_address(*text) || workflows::is_mail_domain(*text) ||
            is_id(channel)) {
            installation.allowlist.push_back(std::move(*text));
        } else {
            findings.error(*item,
                           "this is neither an e-mail address nor a domain nor a channel of Teams",
                           "write such as kommune.example, post@kommune.example or teams:CHANNEL");
        }
    }
}

/// What each way of sending needs beside it.
void check_sending(Findings& findings, const Mapping& map, Installation& installation) {
    const YamlNode* sending = map.find("sending");
    if (sending == nullptr || installation.sending == SendingMode::Spool) {
        return;
    }
    if (installation.sending == SendingMode::Redirect && map.find("redirect_to") == nullptr) {
        findings.error(*sending, "`sending: redirect` lacks `redirect_to`",
                       "add `redirect_to: ADDRESS`, who gets everything");
    } else if (installation.sending == SendingMode::Allowlist && map.find("allowlist") == nullptr) {
        findings.error(*sending, "`sending: allowlist` lacks `allowlist`",
                       "add `allowlist: [DOMAIN or ADDRESS]`, who may be written to");
    } else if (map.find("mail") != nullptr && !installation.places.contains("mail.smtp")) {
        findings.error(*sending, fmt::format("`sending: {}` lacks a mail server", sending->text),
                       "add `smtp: {url: …}` under `mail`, or write `sending: spool`");
    }
}

void read_sending(Findings& findings, const Mapping& map, Installation& installation) {
    static constexpr Choice<SendingMode> kModes[] = {{"spool", SendingMode::Spool},
                                                     {"redirect", SendingMode::Redirect},
                                                     {"allowlist", SendingMode::Allowlist},
                                                     {"live", SendingMode::Live}};
    if (const YamlNode* sending = map.find("sending")) {
        put(installation.sending, read_choice(findings, *sending, kModes));
    }
    if (const YamlNode* redirect_to = map.find("redirect_to")) {
        put(installation.redirect_to, read_address(findings, *redirect_to));
    }
    if (const YamlNode* allowlist = map.find("allowlist")) {
        read_allowlist(findings, *allowlist, installation);
        if (allowlist->kind == YamlNode::Kind::Sequence && allowlist->items.empty()) {
            findings.error(*allowlist, "the list is empty: nobody could be written to",
                           "name somebody, or write `sending: spool`");
        }
    }
}

void read_limits(Findings& findings, const Mapping& map, Installation& installation) {
    constexpr int kNagBudgetMax = 20;
    constexpr int kBrakeMax = 1'000'000;
    static constexpr std::string_view kPer[] = {"week"};
    if (const YamlNode* node = map.find("nag_budget")) {
        const Mapping budget(findings, *node, keys::kNagBudgetTable);
        if (const YamlNode* messages = budget.find("messages")) {
            put(installation.nag_budget, read_integer(findings, *messages, 1, kNagBudgetMax));
        }
        if (const YamlNode* per = budget.find("per")) {
            static_cast<void>(read_word(findings, *per, kPer));
        }
    }
    if (const YamlNode* brake = map.find("brake")) {
        put(installation.brake, read_integer(findings, *brake, 1, kBrakeMax));
    }
}

/// An IPv4 or IPv6 address in its one normal form, so that two can be compared as text.
std::optional<std::string> numeric_address(const std::string& text) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    std::array<char, INET6_ADDRSTRLEN> normal{};
    for (const int family : {AF_INET, AF_INET6}) {
        if (inet_pton(family, text.c_str(), bytes.data()) == 1 &&
            inet_ntop(family, bytes.data(), normal.data(), normal.size()) != nullptr) {
            return normal.data();
        }
    }
    return std::nullopt;
}

/// Numeric addresses of proxies; a name could come to mean another machine.
void read_trusted_proxies(Findings& findings, const YamlNode& node, Installation& installation) {
    for (const YamlNode* item : read_one_or_more(findings, node)) {
        auto text = read_line(findings, *item);
        if (!text) {
            continue;
        }
        if (const auto address = numeric_address(*text)) {
            installation.trusted_proxies.push_back(*address);
        } else {
            findings.error(*item, fmt::format("`{}` is no numeric address", text->substr(0, 80)),
                           "write the proxy's, such as 10.0.0.1 or fd00::1; no name, no network");
        }
    }
}

void read_http(Findings& findings, const Mapping& map, Installation& installation) {
    static constexpr std::string_view kSchemes[] = {"http://", "https://"};
    if (const YamlNode* url = map.find("public_url")) {
        put(installation.public_url, read_url(findings, *url, kSchemes));
    }
    const YamlNode* node = map.find("http");
    if (node == nullptr) {
        return;
    }
    const Mapping http(findings, *node, keys::kHttpTable);
    http.add_places(installation.places, "http.");
    if (const YamlNode* listen = http.find("listen")) {
        put(installation.listen, read_listener(findings, *listen));
    }
    if (const YamlNode* operator_listen = http.find("operator")) {
        put(installation.operator_listen, read_listener(findings, *operator_listen));
    }
    if (const YamlNode* proxy = http.find("trusted_proxy")) {
        read_trusted_proxies(findings, *proxy, installation);
    }
}

/// Words without blanks: they stand in a URL, with blanks between.
std::vector<std::string> read_words(Findings& findings, const YamlNode& node) {
    std::vector<std::string> out;
    for (const YamlNode* item : read_one_or_more(findings, node)) {
        auto text = read_line(findings, *item);
        if (text && text->find_first_of(" \"\\") != std::string::npos) {
            findings.error(*item, "this is more than one word", "write each as an item of its own");
        } else if (text) {
            out.push_back(std::move(*text));
        }
    }
    return out;
}

void read_openid(Findings& findings, const YamlNode& node, Installation& installation) {
    static constexpr std::string_view kSchemes[] = {"https://", "http://"};
    const Mapping map(findings, node, keys::kOpenIdTable);
    if (!map.is_map()) {
        return;
    }
    map.add_places(installation.places, "sign_in.openid.");
    auto& openid = installation.sign_in->openid.emplace(workflows::SignInSettings::OpenId{});
    if (const YamlNode* issuer = map.find("issuer")) {
        put(openid.issuer, read_url(findings, *issuer, kSchemes));
    }
    if (const YamlNode* client_id = map.find("client_id")) {
        put(openid.client_id, read_line(findings, *client_id));
    }
    if (const YamlNode* secret = map.find("client_secret")) {
        put(openid.client_secret, read_secret(findings, *secret));
    }
    if (const YamlNode* claim = map.find("claim")) {
        put(openid.claim, read_line(findings, *claim));
    }
    if (const YamlNode* title = map.find("title")) {
        put(openid.title, read_text(findings, *title));
    }
    const auto words = [&](const char* key, std::vector<std::string>& into) {
        if (const YamlNode* list = map.find(key)) {
            into = read_words(findings, *list);
        }
    };
    words("scopes", openid.scopes);
    words("acr", openid.acr);
    words("amr", openid.amr);
    if (std::ranges::find(openid.scopes, "openid") == openid.scopes.end()) {
        findings.error(*map.find("scopes"), "the scope `openid` is missing",
                       "add it: without it there is no ID token");
    }
}

void read_sign_in(Findings& findings, const YamlNode& node, Installation& installation) {
    constexpr int kIdleMinutesMax = 24 * 60;
    constexpr int kSessionHoursMax = 7 * 24;
    const Mapping map(findings, node, keys::kSignInTable);
    if (!map.is_map()) {
        return;
    }
    map.add_places(installation.places, "sign_in.");
    auto& sign_in = installation.sign_in.emplace();
    if (const YamlNode* mail = map.find("mail")) {
        put(sign_in.by_mail, read_bool(findings, *mail));
    }
    if (const YamlNode* idle = map.find("idle_minutes")) {
        put(sign_in.idle_minutes, read_integer(findings, *idle, 1, kIdleMinutesMax));
    }
    if (const YamlNode* hours = map.find("session_hours")) {
        put(sign_in.session_hours, read_integer(findings, *hours, 1, kSessionHoursMax));
    }
    if (const YamlNode* openid = map.find("openid")) {
        read_openid(findings, *openid, installation);
    }
}

}  // namespace

std::optional<workflows::DigestTime> read_weekly_time(Findings& findings, const YamlNode& node) {
    static constexpr std::array<std::string_view, 5> kWeekdays{"mon", "tue", "wed", "thu", "fri"};
    const Mapping map(findings, node, keys::kWeeklyDigestTable);
    const YamlNode* day = map.find("day");
    const YamlNode* at = map.find("at");
    const auto weekday = day == nullptr ? std::nullopt : read_word(findings, *day, kWeekdays);
    const auto time = at == nullptr ? std::nullopt : read_time_of_day(findings, *at);
    if (!weekday || !time) {
        return std::nullopt;
    }
    return workflows::DigestTime{.weekday = static_cast<int>(*weekday), .at = *time};
}

void read_installation(const YamlNode& root, Findings& findings, Draft& draft) {
    static constexpr Choice<Language> kLanguages[] = {{"nb", Language::Nb}, {"nn", Language::Nn}};
    Installation& installation = draft.definitions.installation;
    const Mapping map(findings, root, keys::kInstallationTable);
    map.add_places(installation.places);
    if (const YamlNode* name = map.find("name")) {
        put(installation.name, read_text(findings, *name));
    }
    if (const YamlNode* organisation = map.find("organisation")) {
        put(installation.organisation, read_id(findings, *organisation));
    }
    if (const YamlNode* time_zone = map.find("time_zone")) {
        put(installation.time_zone, read_line(findings, *time_zone));
    }
    if (const YamlNode* language = map.find("default_language")) {
        put(installation.default_language, read_choice(findings, *language, kLanguages));
    }
    if (const YamlNode* calendar = map.find("calendar")) {
        put(installation.calendar, read_id(findings, *calendar));
    }
    if (const YamlNode* send_window = map.find("send_window")) {
        read_send_window(findings, *send_window, draft);
    }
    if (const YamlNode* weekly_digest = map.find("weekly_digest")) {
        installation.weekly_digest = read_weekly_time(findings, *weekly_digest);
    }
    if (const YamlNode* mail = map.find("mail")) {
        read_mail(findings, *mail, installation);
    }
    if (const YamlNode* teams = map.find("teams")) {
        read_teams(findings, *teams, installation);
    }
    if (const YamlNode* mailbox = map.find("mailbox")) {
        read_mailbox(findings, *mailbox, installation);
    }
    if (const YamlNode* graph = map.find("graph")) {
        read_graph(findings, *graph, installation);
    }
    read_limits(findings, map, installation);
    read_http(findings, map, installation);
    if (const YamlNode* sign_in = map.find("sign_in")) {
        read_sign_in(findings, *sign_in, installation);
    }
    read_sending(findings, map, installation);
    check_sending(findings, map, installation);
    draft.unreadable.installation = findings.errors() > 0;
}

}  // namespace fristvakt::integrations
