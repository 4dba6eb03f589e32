#include <array>

#include <fmt/format.h>

#include "integrations/yaml/files.hpp"
#include "integrations/yaml/keys.hpp"

/// `teams:` of fristvakt.yaml.
namespace fristvakt::integrations {
namespace {

using workflows::Language;
using workflows::TeamsChannel;

constexpr workflows::DigestTime kUsualDigest{.weekday = std::nullopt, .at = std::chrono::hours{8}};
constexpr std::array<const char*, 7> kUsualEvents{
    "received", "claimed", "more_time_asked", "moved", "cancelled", "address_refused", "on_hold"};

/// `off`, or {day: daily, at: "08:00"}.
void read_digest(Findings& findings, const YamlNode& node, TeamsChannel& channel) {
    static constexpr std::array<std::string_view, 6> kDays{"mon", "tue", "wed",
                                                           "thu", "fri", "daily"};
    if (node.kind == YamlNode::Kind::Scalar && node.text == "off") {
        channel.digest.reset();
        return;
    }
    if (node.kind == YamlNode::Kind::Scalar) {
        findings.error(node, fmt::format("`{}` is no digest", node.text),
                       "write {day: daily, at: \"08:00\"}, or `off`");
        return;
    }
    const Mapping map(findings, node, keys::kTeamsDigestTable);
    const YamlNode* day = map.find("day");
    const YamlNode* at = map.find("at");
    const auto word = day == nullptr ? std::nullopt : read_word(findings, *day, kDays);
    const auto time = at == nullptr ? std::nullopt : read_time_of_day(findings, *at);
    if (word && time) {
        const bool is_daily = *word + 1 == kDays.size();
        channel.digest = {
            .weekday = is_daily ? std::nullopt : std::optional{static_cast<int>(*word)},
            .at = *time};
    }
}

/// With the place of each, as "events.0".
std::vector<std::string> read_words(Findings& findings, const YamlNode& node, TeamsChannel& channel,
                                    const std::string& key) {
    std::vector<std::string> words;
    for (const YamlNode* item : read_one_or_more(findings, node)) {
        if (auto word = read_id(findings, *item, "_")) {
            channel.places.emplace(key + "." + std::to_string(words.size()), findings.at(*item));
            words.push_back(std::move(*word));
        }
    }
    return words;
}

void read_channel(Findings& findings, const YamlNode& node, TeamsChannel& channel) {
    static constexpr Choice<Language> kLanguages[] = {{"nb", Language::Nb}, {"nn", Language::Nn}};
    const Mapping map(findings, node, keys::kTeamsChannelTable);
    map.add_places(channel.places);
    channel.digest = kUsualDigest;
    channel.events.assign(kUsualEvents.begin(), kUsualEvents.end());
    if (const YamlNode* url = map.find("url")) {
        put(channel.url, read_secret(findings, *url));
    }
    if (const YamlNode* language = map.find("language")) {
        put(channel.language, read_choice(findings, *language, kLanguages));
    }
    if (const YamlNode* programmes = map.find("programmes")) {
        channel.programmes = read_words(findings, *programmes, channel, "programmes");
    }
    if (const YamlNode* digest = map.find("digest")) {
        read_digest(findings, *digest, channel);
    }
    if (const YamlNode* canary = map.find("canary")) {
        channel.canary = read_weekly_time(findings, *canary);
    }
    if (const YamlNode* events = map.find("events")) {
        channel.events = read_words(findings, *events, channel, "events");
    }
}

}  // namespace

void read_teams(Findings& findings, const YamlNode& node, workflows::Installation& installation) {
    if (node.kind != YamlNode::Kind::Map) {
        findings.error(node, "these are no channels",
                       "write {NAME: {url: {credential: NAME}}}, one for each channel");
        return;
    }
    for (const YamlEntry& entry : node.entries) {
        if (!is_id(entry.key)) {
            findings.error(findings.at(entry.line, entry.column),
                           fmt::format("`{}` cannot be the id of a channel", entry.key),
                           "write a-z, 0-9 and hyphens, beginning with a letter or a digit");
            continue;
        }
        auto& channel = installation.teams.emplace_back();
        channel.id = entry.key;
        channel.where = findings.at(entry.line, entry.column);
        read_channel(findings, entry.value, channel);
    }
    std::ranges::sort(installation.teams, {}, &TeamsChannel::id);
}

}  // namespace fristvakt::integrations
