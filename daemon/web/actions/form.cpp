#include "daemon/web/actions/form.hpp"

#include <algorithm>
#include <regex>

#include <fmt/format.h>

#include "daemon/web/form.hpp"

namespace fristvakt::daemon {

using workflows::Text;

namespace {

std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\n");
    if (first == std::string_view::npos) {
        return {};
    }
    return std::string{text.substr(first, text.find_last_not_of(" \t\n") - first + 1)};
}

bool is_integer(std::string_view text) {
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    return !digits.empty() && digits.size() <= 18 &&
           digits.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view input_type(ActionField::Kind kind) {
    return kind == ActionField::Kind::Day    ? "date"
           : kind == ActionField::Kind::Time ? "datetime-local"
                                             : "text";
}

Html input(const View& view, const ActionField& field, const std::string& id,
           const std::string& value, const Html& described) {
    Html out;
    const Html required = field.required ? html(" required") : Html{};
    switch (field.kind) {
        case ActionField::Kind::Lines:
            out.add(
                "<textarea class=\"ds-input\" id=\"{}\" name=\"{}\" rows=\"3\"{}{}>{}</textarea>",
                id, field.name, required, described, value);
            break;
        case ActionField::Kind::Choice:
            out.add("<select class=\"ds-input\" id=\"{}\" name=\"{}\"{}{}>", id, field.name,
                    required, described);
            for (const auto& [choice, words] : field.choices) {
                out.add("<option value=\"{}\"{}>{}</option>", choice,
                        choice == value ? html(" selected") : Html{}, view.in(words));
            }
            out.add("</select>");
            break;
        case ActionField::Kind::Number:
        case ActionField::Kind::Day:
        case ActionField::Kind::Time:
        case ActionField::Kind::Line:
            out.add(
                "<input class=\"ds-input\" type=\"{}\" id=\"{}\" name=\"{}\" value=\"{}\"{}{}{}>",
                input_type(field.kind), id, field.name, value,
                field.kind == ActionField::Kind::Number ? html(" inputmode=\"numeric\"") : Html{},
                required, described);
            break;
    }
    return out;
}

}  // namespace

std::string FormData::get(std::string_view name) const {
    const auto found =
        std::ranges::find_if(values_, [&](const auto& value) { return value.first == name; });
    return found == values_.end() ? std::string{} : trimmed(found->second);
}

std::vector<std::string> FormData::all(std::string_view name) const {
    std::vector<std::string> found;
    for (const auto& [known, value] : values_) {
        if (known == name) {
            found.push_back(trimmed(value));
        }
    }
    return found;
}

bool FormData::has(std::string_view name) const {
    return std::ranges::any_of(values_, [&](const auto& value) { return value.first == name; });
}

const FormProblem* FormState::problem_with(std::string_view field) const {
    const auto found = std::ranges::find(problems, field, &FormProblem::field);
    return found == problems.end() ? nullptr : &*found;
}

std::string iso_day(std::string_view text) {
    static const std::regex kNumeric{R"((\d{1,2})\.(\d{1,2})\.(\d{4}))"};
    std::cmatch parts;
    if (!std::regex_match(text.data(), text.data() + text.size(), parts, kNumeric)) {
        return std::string{text};
    }
    return fmt::format("{}-{:0>2}-{:0>2}", parts[3].str(), parts[2].str(), parts[1].str());
}

std::vector<FormProblem> check_fields(const Action& action, const FormData& form) {
    constexpr std::size_t kTextMax{4096};
    std::vector<FormProblem> problems;
    const workflows::Definitions none;
    const auto refuse = [&](const ActionField& field, const char* code) {
        const Text words =
            code == std::string_view{"long"}
                ? Text{"«" + field.label.nb + "» er for langt",
                       "«" + field.label.nn + "» er for langt"}
                : words_of_refusal(std::string{code} + ":" + field.name, nullptr, none, &action);
        problems.push_back({field.name, words});
    };
    for (const ActionField& field : action.fields) {
        const std::string value = form.get(field.name);
        if (value.empty()) {
            if (field.required) {
                refuse(field, "missing");
            }
        } else if (value.size() > kTextMax) {
            refuse(field, "long");
        } else if (field.kind == ActionField::Kind::Day &&
                   !workflows::parse_iso_date(iso_day(value))) {
            refuse(field, "no-date");
        } else if (field.kind == ActionField::Kind::Time && !workflows::parse_local_time(value)) {
            refuse(field, "no-time");
        } else if (field.kind == ActionField::Kind::Number && !is_integer(value)) {
            refuse(field, "no-number");
        }
    }
    return problems;
}

std::map<std::string, std::string> fields_of(const Action& action, const FormData& form) {
    std::map<std::string, std::string> fields;
    for (const ActionField& field : action.fields) {
        if (std::string value = form.get(field.name); !value.empty()) {
            fields.emplace(field.name, field.kind == ActionField::Kind::Day ? iso_day(value)
                                                                            : std::move(value));
        }
    }
    return fields;
}

Html hidden(std::string_view name, std::string_view value) {
    return html("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, value);
}

Html draw_field(const View& view, const ActionField& field, std::string_view prefix,
                const FormState& state) {
    const std::string id = std::string{prefix} + "-" + field.name;
    const FormProblem* problem = state.problem_with(field.name);
    const auto written = state.values.find(field.name);
    const std::string& value = written == state.values.end() ? field.value : written->second;
    const bool has_hint = !field.hint.nb.empty();
    Html described;
    if (has_hint || problem != nullptr) {
        described.add(" aria-describedby=\"{}{}{}\"", has_hint ? id + "-hint" : "",
                      has_hint && problem != nullptr ? " " : "",
                      problem != nullptr ? id + "-feil" : "");
    }
    if (problem != nullptr) {
        described.add(" aria-invalid=\"true\"");
    }
    Html out;
    out.add(
        "<div class=\"ds-field\"><label class=\"ds-label\" for=\"{}\">{}{}</label>", id,
        view.in(field.label),
        field.required || field.kind == ActionField::Kind::Choice
            ? html("")
            : html(" <span class=\"fv-optional\">({})</span>", view.pick("valgfritt", "valfritt")));
    if (has_hint) {
        out.add("<div data-field=\"description\" id=\"{}-hint\">{}</div>", id, view.in(field.hint));
    }
    out.add(input(view, field, id, value, described));
    if (problem != nullptr) {
        out.add("<p class=\"ds-validation-message\" data-color=\"danger\" id=\"{}-feil\">{}</p>",
                id, view.in(problem->words));
    }
    out.add("</div>\n");
    return out;
}

Html draw_fields(const View& view, const Action& action, std::string_view prefix,
                 const FormState& state) {
    Html out;
    for (const ActionField& field : action.fields) {
        out.add(draw_field(view, field, prefix, state));
    }
    ActionField who{.name = "hvem",
                    .label = {"Navnet ditt", "Namnet ditt"},
                    .hint = {"Står i historikken.", "Står i historikken."},
                    .kind = ActionField::Kind::Line,
                    .required = false,
                    .value = view.who,
                    .choices = {}};
    if (!view.who_is_known) {
        out.add(draw_field(view, who, prefix, state));
    }
    return out;
}

Html findings_fold(const View& view, std::string_view findings) {
    return html(
        "<details class=\"ds-details\" id=\"kontrollen\"><summary>{}</summary>"
        "<pre class=\"fv-text\" lang=\"en\" tabindex=\"0\" aria-label=\"{}\">{}</pre></details>\n",
        view.pick("Det kontrollen fant, på engelsk, for dem som drifter fristvakt",
                  "Det kontrollen fann, på engelsk, for dei som driftar fristvakt"),
        view.pick("Det kontrollen fant", "Det kontrollen fann"), findings);
}

Html error_summary(const View& view, std::string_view prefix, const FormState& state) {
    if (state.problems.empty()) {
        return {};
    }
    Html out;
    out.add(
        "<div class=\"ds-error-summary\" role=\"alert\" tabindex=\"-1\" id=\"feil\" "
        "aria-labelledby=\"feil-tittel\">\n<h2 class=\"ds-heading\" data-size=\"xs\" "
        "id=\"feil-tittel\">{}</h2>\n<ul class=\"ds-list\">\n",
        view.pick("Rett dette før du går videre", "Rett dette før du går vidare"));
    for (const FormProblem& problem : state.problems) {
        if (problem.field.empty()) {
            out.add("<li>{}</li>\n", view.in(problem.words));
        } else {
            out.add("<li><a class=\"ds-link\" href=\"#{}-{}\">{}</a></li>\n", prefix, problem.field,
                    view.in(problem.words));
        }
    }
    out.add("</ul>\n");
    if (const auto found = state.values.find(std::string{kFindings}); found != state.values.end()) {
        out.add(findings_fold(view, found->second));
    }
    out.add("</div>\n");
    return out;
}

}  // namespace fristvakt::daemon
