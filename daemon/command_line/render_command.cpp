#include <cstdint>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "daemon/command_line/commands.hpp"
#include "daemon/command_line/refusal.hpp"
#include "daemon/command_line/stored_state.hpp"
#include "daemon/configuration/configuration_source.hpp"
#include "daemon/engine/sample_message.hpp"
#include "integrations/texts/notice_renderer.hpp"

namespace fristvakt::daemon {

namespace {

using workflows::Case;
using workflows::Definitions;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

struct RenderOptions {
    std::string notice;
    std::string folder;
    std::string case_id;
    std::string state;
    std::string language;
    std::string part{"all"};
    std::size_t count{0};
    bool json{false};
};

struct Material {
    std::shared_ptr<const Definitions> definitions;
    std::vector<Case> cases;
};

Result<Material> stored_material(const RenderOptions& options) {
    auto state = open_state({.state = options.state, .config = options.folder, .at = {}});
    if (!state.ok()) {
        return state.error();
    }
    StoredState known = std::move(state).value();
    auto item = stored_case(known, options.case_id);
    if (!item.ok()) {
        return item.error();
    }
    return Material{known.definitions, {std::move(item).value()}};
}

Result<Material> planned_material(const RenderOptions& options) {
    const auto loaded = load_verified(options.folder);
    if (!loaded.ok()) {
        const ErrorKind kind =
            loaded.error().kind == ErrorKind::NotFound ? ErrorKind::NotFound : ErrorKind::Conflict;
        return Error{kind, loaded.error().message};
    }
    const bool is_collective = options.notice.starts_with("collective");
    const std::size_t count = options.count > 0 ? options.count : is_collective ? 2 : 1;
    Material material{loaded.value().definitions, {}};
    material.cases = planned_samples(*material.definitions, options.case_id, count);
    if (material.cases.empty()) {
        return Error{ErrorKind::NotFound,
                     options.case_id.empty()
                         ? "the configuration calls for no case to write about; add a cohort"
                         : "the configuration calls for no case " + options.case_id +
                               "; for one that is stored give --state too"};
    }
    return material;
}

void print(const workflows::RenderedMessage& rendered, const RenderOptions& options) {
    const bool all = options.part == "all";
    if (all || options.part == "subject") {
        std::cout << rendered.subject << '\n';
    }
    if (all) {
        std::cout << '\n';
    }
    if (all || options.part == "text") {
        std::cout << rendered.text;
    }
    if (options.part == "html") {
        std::cout << rendered.html;
    }
}

int render(const RenderOptions& options) {
    const auto material =
        options.state.empty() ? planned_material(options) : stored_material(options);
    if (!material.ok()) {
        return refuse(material.error());
    }
    const Definitions& definitions = *material.value().definitions;
    auto sample = sample_message(options.notice, material.value().cases, definitions);
    if (!sample.ok()) {
        return refuse(sample.error());
    }
    workflows::MessageSnapshot message = std::move(sample).value();
    if (!options.language.empty()) {
        message.language =
            options.language == "nn" ? workflows::Language::Nn : workflows::Language::Nb;
    }
    const integrations::NoticeRenderer renderer;
    const auto rendered = renderer.render(message, definitions);
    if (!rendered.ok()) {
        return refuse_file(rendered.error());
    }
    if (options.json) {
        nlohmann::ordered_json object{
            {"notice", options.notice},
            {"at", workflows::iso_instant(message.at, definitions.time_zone())},
            {"to", message.to.address},
            {"language", workflows::language_tag(message.language)},
            {"subject", rendered.value().subject},
            {"text", rendered.value().text},
            {"html", rendered.value().html}};
        std::cout << object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
                  << '\n';
    } else {
        print(rendered.value(), options);
    }
    return kExitOk;
}

}  // namespace

void add_render(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<RenderOptions>();
    CLI::App* command = app.add_subcommand("render", "Show a notice as a recipient would get it");
    command->add_option("NOTICE", options->notice, "Its id: reminder, overdue, receipt, …")
        ->required();
    command->add_option("DIR", options->folder, "Folder; without one the shipped configuration");
    auto* chosen = command->add_option("--case", options->case_id,
                                       "About this case; without it the first that is called for");
    command->add_option("--state", options->state, "Take the case from this state folder")
        ->needs(chosen);
    command->add_option("--count", options->count, "About so many cases")
        ->excludes(chosen)
        ->check(CLI::Range(1, 500));
    command->add_option("--language", options->language, "Without it the recipient's")
        ->check(CLI::IsMember({"nb", "nn"}));
    command->add_option("--part", options->part, "What to show; all is subject and text")
        ->check(CLI::IsMember({"all", "subject", "text", "html"}))
        ->capture_default_str();
    command->add_flag("--json", options->json, "One JSON object");
    command->footer("Example: fristvakt render reminder config --language nn");
    command->callback([options, &exit_code] { exit_code = render(*options); });
}

}  // namespace fristvakt::daemon
