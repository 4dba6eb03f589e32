#include <algorithm>

#include <fmt/format.h>

#include "integrations/yaml/files.hpp"
#include "integrations/yaml/keys.hpp"
#include "workflows/definition/this_machine.hpp"

/// `mailbox:` of fristvakt.yaml.
namespace fristvakt::integrations {
namespace {

using workflows::MailboxSettings;
using workflows::Seconds;

constexpr Seconds kEveryMin{10};
constexpr Seconds kEveryMax = std::chrono::hours{1};

/// "60 seconds", "5 minutes".
std::optional<Seconds> read_pause(Findings& findings, const YamlNode& node) {
    const auto text = read_line(findings, node);
    if (!text) {
        return std::nullopt;
    }
    const auto blank = std::min(text->find(' '), text->size());
    const std::string digits = text->substr(0, blank);
    const std::string_view unit = trimmed(std::string_view{*text}.substr(blank));
    const bool is_number = !digits.empty() && digits.size() <= 4 &&
                           digits.find_first_not_of("0123456789") == std::string::npos;
    const bool is_seconds = unit == "seconds" || unit == "second";
    const bool is_minutes = unit == "minutes" || unit == "minute";
    if (!is_number || (!is_seconds && !is_minutes)) {
        findings.error(node, fmt::format("`{}` is no length of time", *text),
                       "write such as 60 seconds, or 5 minutes");
        return std::nullopt;
    }
    const Seconds pause = Seconds{std::stoi(digits)} * (is_minutes ? 60 : 1);
    if (pause < kEveryMin || pause > kEveryMax) {
        findings.error(node,
                       fmt::format("{} is too {} between two looks into a mailbox", *text,
                                   pause < kEveryMin ? "short" : "long"),
                       "write 10 seconds to 60 minutes");
        return std::nullopt;
    }
    return pause;
}

/// A host and perhaps a port; which folder, and how to log in, are keys of their own.
std::optional<std::string> read_server(Findings& findings, const YamlNode& node) {
    static constexpr std::string_view kSchemes[] = {"imaps://", "imap://"};
    auto url = read_url(findings, node, kSchemes);
    if (url && url->find_first_of("/?#;", url->find("//") + 2) != std::string::npos) {
        findings.error(node, "this address says more than where the server is",
                       "write imaps://HOST or imaps://HOST:PORT; `folder` is a key of its own");
        return std::nullopt;
    }
    return url;
}

}  // namespace

void read_mailbox(Findings& findings, const YamlNode& node, workflows::Installation& installation) {
    static constexpr Choice<MailboxSettings::StartTls> kStartTls[] = {
        {"required", MailboxSettings::StartTls::Required}, {"off", MailboxSettings::StartTls::Off}};
    const Mapping map(findings, node, keys::kMailboxTable);
    if (!map.is_map()) {
        return;
    }
    map.add_places(installation.places, "mailbox.");
    MailboxSettings& mailbox = installation.mailbox.emplace();
    if (const YamlNode* url = map.find("url")) {
        put(mailbox.url, read_server(findings, *url));
    }
    if (const YamlNode* starttls = map.find("starttls")) {
        put(mailbox.starttls, read_choice(findings, *starttls, kStartTls));
    }
    if (const YamlNode* user = map.find("user")) {
        put(mailbox.user, read_line(findings, *user));
    }
    if (const YamlNode* password = map.find("password")) {
        put(mailbox.password, read_secret(findings, *password));
    }
    if (const YamlNode* ca_file = map.find("ca_file")) {
        put(mailbox.ca_file, read_line(findings, *ca_file));
    }
    if (const YamlNode* address = map.find("address")) {
        put(mailbox.address, read_address(findings, *address));
    }
    if (const YamlNode* folder = map.find("folder")) {
        put(mailbox.folder, read_line(findings, *folder));
    }
    if (const YamlNode* every = map.find("every")) {
        put(mailbox.every, read_pause(findings, *every));
    }
    const bool is_open =
        mailbox.url.starts_with("imap://") && mailbox.starttls == MailboxSettings::StartTls::Off;
    if (is_open && !workflows::is_this_machine(workflows::host_of(mailbox.url))) {
        findings.error(*map.find("starttls"),
                       "the password for the mailbox would go over the network in clear text",
                       "write an address with imaps://, or `starttls: required`");
    }
}

}  // namespace fristvakt::integrations
