#include "tests/worlds/world.hpp"

#include <cstdio>
#include <cstdlib>

#include "integrations/embedded/embedded.hpp"
#include "integrations/yaml/configuration.hpp"

namespace fristvakt::tests {

using workflows::Definitions;

namespace {

integrations::ConfigurationFiles defaults() {
    integrations::ConfigurationFiles files{.name = "defaults", .files = {}};
    for (const auto& file : integrations::embedded_config()) {
        for (const std::string_view folder :
             {"workflows/", "ladders/", "calendars/", "messages/"}) {
            if (file.path.starts_with(folder)) {
                files.files.emplace(file.path, file.content);
            }
        }
    }
    return files;
}

std::string installation(const World& world) {
    return "name: {nb: Statsforvalteren, nn: Statsforvaltaren}\n"
           "organisation: sf\n"
           "send_window: " +
           world.window +
           "\n"
           "nag_budget: {messages: " +
           std::to_string(world.nag_budget) +
           ", per: week}\n"
           "brake: " +
           std::to_string(world.brake) + "\n" + world.sending +
           "\n"
           "mail: {from: fristvakt@sf.example, reply_to: post@sf.example, "
           "smtp: {url: \"smtp://127.0.0.1:1025\", starttls: \"off\"}}\n";
}

}  // namespace

std::map<std::string, std::string> World::files() const {
    auto files = more;
    files.emplace("fristvakt.yaml", installation(*this));
    files.emplace("organisations.csv",
                  "id,name,kind,number,parent,language,email\n" + organisations);
    files.emplace("contacts.csv", "organisation,name,email,roles,language,from,to\n" + contacts);
    files.emplace("programmes/p.yaml",
                  "programme: ordning\n"
                  "title: {nb: Ordning, nn: Ordning}\n"
                  "cohort: p\n"
                  "period: " +
                      period +
                      "\n"
                      "creditor: sf\n"
                      "participants: " +
                      participants +
                      "\n"
                      "requirements:\n" +
                      requirements);
    return files;
}

DefinitionsPtr World::load() const {
    // Many tests use the same world; reading one takes longer than using it.
    static std::map<std::map<std::string, std::string>, DefinitionsPtr> known;
    auto& definitions = known[files()];
    if (!definitions) {
        static const auto kDefaults = defaults();
        const auto loaded =
            integrations::load_configuration({.name = "world", .files = files()}, kDefaults);
        if (!loaded.definitions) {
            for (const auto& finding : loaded.diagnostics) {
                (void)std::fprintf(stderr, "%s\n", to_string(finding).c_str());
            }
            std::abort();
        }
        definitions = loaded.definitions;
    }
    return definitions;
}

std::vector<workflows::Diagnostic> World::findings() const {
    return integrations::load_configuration({.name = "world", .files = files()}, defaults())
        .diagnostics;
}

std::string ladder_file(const std::string& id, const std::vector<std::string>& steps,
                        const std::string& fallback) {
    std::string text = "ladder: " + id + "\nsteps:\n";
    for (const std::string& step : steps) {
        text += "  - {" + step + "}\n";
    }
    return fallback.empty() ? text : text + "fallback: " + fallback + "\n";
}

DefinitionsPtr changed(const DefinitionsPtr& base,
                       const std::function<void(Definitions&)>& change) {
    static int count = 0;
    auto copy = std::make_shared<Definitions>(*base);
    change(*copy);
    copy->hash = base->hash + "+" + std::to_string(++count);
    copy->index();
    return copy;
}

const workflows::TimeZone& oslo() {
    static const workflows::TimeZone kOslo = workflows::TimeZone::locate("Europe/Oslo").value();
    return kOslo;
}

workflows::Instant at(std::string_view text) {
    const auto day = workflows::parse_iso_date(text);
    return day ? oslo().start_of_day(*day) : workflows::parse_instant(text, oslo()).value();
}

workflows::Date day(std::string_view text) {
    return workflows::parse_iso_date(text).value();
}

std::string clock(workflows::Instant instant) {
    std::string text = workflows::iso_instant(instant, oslo()).substr(0, 19);
    text[10] = ' ';
    return text.ends_with(":00") ? text.substr(0, 16) : text;
}

}  // namespace fristvakt::tests
