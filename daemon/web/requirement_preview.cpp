#include "daemon/web/requirement_preview.hpp"

#include <algorithm>

#include "daemon/engine/sample_message.hpp"
#include "integrations/texts/notice_renderer.hpp"
#include "workflows/decision/openings.hpp"

namespace fristvakt::daemon {

using workflows::Case;
using workflows::Cohort;
using workflows::Definitions;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Language;
using workflows::Requirement;
using workflows::Result;

namespace {

std::string one_of(const std::vector<std::string>& known, const std::string& asked) {
    const bool is_known = std::ranges::find(known, asked) != known.end();
    return is_known || known.empty() ? asked : known.front();
}

/// The newest case of the debtor, else the one that the configuration calls for.
Result<Case> case_for(View& view, const Cohort& cohort, const Requirement& requirement,
                      const std::string& debtor) {
    workflows::CaseFilter filter;
    filter.cohort = cohort.id;
    filter.requirement = requirement.id;
    filter.debtor = debtor;
    auto cases = view.snapshot->cases(filter);
    if (!cases.ok()) {
        return cases.error();
    }
    for (auto item = cases.value().rbegin(); item != cases.value().rend(); ++item) {
        if (item->parent.empty()) {
            return *item;
        }
    }
    for (const auto& opening : openings_of(*view.definitions, cohort.from)) {
        if (opening.cohort == &cohort && opening.requirement == &requirement) {
            auto planned =
                planned_samples(*view.definitions, workflows::case_id(opening, debtor), 1);
            if (!planned.empty()) {
                return std::move(planned.front());
            }
        }
    }
    return Error{ErrorKind::NotFound, "no case for that debtor"};
}

}  // namespace

std::vector<std::string> notices_of(const Definitions& definitions,
                                    const Requirement& requirement) {
    std::vector<std::string> out;
    const auto add = [&](const std::string& notice) {
        if (!notice.empty() && std::ranges::find(out, notice) == out.end()) {
            out.push_back(notice);
        }
    };
    if (const auto* const ladder = definitions.find_ladder(requirement.ladder)) {
        for (const workflows::LadderStep& step : ladder->steps) {
            add(step.notice);
        }
    }
    if (const auto* const workflow = definitions.find_workflow(requirement.workflow)) {
        for (const workflows::State& state : workflow->states) {
            for (const workflows::Transition& transition : state.on) {
                add(transition.notice);
            }
        }
    }
    return out;
}

PreviewQuestion read_preview_question(const View& view, const Cohort& cohort,
                                      const Requirement& requirement) {
    const std::string form = view.argument("form");
    return {.notice = one_of(notices_of(*view.definitions, requirement), view.argument("varsel")),
            .debtor = one_of(debtors_of(cohort, requirement), view.argument("til")),
            .language = form == "nb"   ? std::optional{Language::Nb}
                        : form == "nn" ? std::optional{Language::Nn}
                                       : std::nullopt};
}

Result<Preview> write_preview(View& view, const Cohort& cohort, const Requirement& requirement,
                              const PreviewQuestion& question) {
    auto item = case_for(view, cohort, requirement, question.debtor);
    if (!item.ok()) {
        return item.error();
    }
    auto snapshot = sample_message(question.notice, {std::move(item).value()}, *view.definitions);
    if (!snapshot.ok()) {
        return snapshot.error();
    }
    Preview out{.snapshot = std::move(snapshot).value(), .rendered = {}};
    out.snapshot.language = question.language.value_or(out.snapshot.language);
    static const integrations::NoticeRenderer kRenderer;
    auto rendered = kRenderer.render(out.snapshot, *view.definitions);
    if (!rendered.ok()) {
        return rendered.error();
    }
    out.rendered = std::move(rendered).value();
    return out;
}

}  // namespace fristvakt::daemon
