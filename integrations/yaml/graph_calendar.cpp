#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "integrations/yaml/files.hpp"
#include "integrations/yaml/keys.hpp"
#include "workflows/definition/base_url.hpp"
#include "workflows/definition/mail_address.hpp"
#include "workflows/model/digest.hpp"

/// `graph:` of fristvakt.yaml.
namespace fristvakt::integrations {
namespace {

using workflows::GraphCalendar;

/// As Entra ID names directories and applications.
bool is_uuid(std::string_view text) {
    static constexpr std::string_view kShape{"00000000-0000-0000-0000-000000000000"};
    return text.size() == kShape.size() &&
           std::equal(text.begin(), text.end(), kShape.begin(), [](char c, char shape) {
               const bool is_digit =
                   (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
               return shape == '-' ? c == '-' : is_digit;
           });
}

std::optional<std::string> read_tenant(Findings& findings, const YamlNode& node) {
    static constexpr std::array<std::string_view, 3> kEverybodys{"common", "organizations",
                                                                 "consumers"};
    auto text = read_line(findings, node);
    if (!text) {
        return std::nullopt;
    }
    const std::string lower = workflows::lower_case(*text);
    if (std::ranges::find(kEverybodys, lower) != kEverybodys.end()) {
        findings.error(node,
                       fmt::format("`{}` is everybody's directory, and lets no program in", *text),
                       "write your own directory's id or domain");
        return std::nullopt;
    }
    if (!is_uuid(*text) && !workflows::is_mail_domain(*text)) {
        findings.error(node, fmt::format("`{}` is no directory", text->substr(0, 80)),
                       "write its id or domain as Entra ID shows it, such as kommune.example");
        return std::nullopt;
    }
    return text;
}

std::optional<std::string> read_client_id(Findings& findings, const YamlNode& node) {
    auto text = read_line(findings, node);
    if (text && !is_uuid(*text)) {
        // Who mixes the two up writes a secret here.
        findings.error(node, "this is no id of an application",
                       "write the Application (client) ID that Entra ID shows");
        return std::nullopt;
    }
    return text;
}

std::optional<std::string> read_base(Findings& findings, const YamlNode& node) {
    static constexpr std::string_view kSchemes[] = {"https://", "http://"};
    auto url = read_url(findings, node, kSchemes);
    if (url) {
        url = workflows::base_url(*std::move(url));
    }
    return url;
}

}  // namespace

void read_graph(Findings& findings, const YamlNode& node, workflows::Installation& installation) {
    const Mapping map(findings, node, keys::kGraphTable);
    if (!map.is_map()) {
        return;
    }
    map.add_places(installation.places, "graph.");
    GraphCalendar& graph = installation.graph.emplace();
    if (const YamlNode* tenant = map.find("tenant")) {
        put(graph.tenant, read_tenant(findings, *tenant));
    }
    if (const YamlNode* client_id = map.find("client_id")) {
        put(graph.client_id, read_client_id(findings, *client_id));
    }
    if (const YamlNode* secret = map.find("secret")) {
        put(graph.secret, read_secret(findings, *secret));
    }
    if (const YamlNode* mailbox = map.find("mailbox")) {
        put(graph.mailbox, read_address(findings, *mailbox));
    }
    if (const YamlNode* notifications = map.find("notifications")) {
        put(graph.notifications, read_bool(findings, *notifications));
    }
    if (const YamlNode* login_url = map.find("login_url")) {
        put(graph.login_url, read_base(findings, *login_url));
    }
    if (const YamlNode* graph_url = map.find("graph_url")) {
        put(graph.graph_url, read_base(findings, *graph_url));
    }
    if (const YamlNode* ca_file = map.find("ca_file")) {
        put(graph.ca_file, read_line(findings, *ca_file));
    }
}

}  // namespace fristvakt::integrations
