#include "workflows/decision/state_title.hpp"

namespace fristvakt::workflows {

bool says_nothing_to_report(const Case& item, const CaseContext& context) {
    return context.state != nullptr && context.state->waits_for != Party::Debtor &&
           item.fields.contains(std::string{kNothingToReport});
}

Text state_title(const Case& item, const CaseContext& context) {
    if (says_nothing_to_report(item, context)) {
        return {"Ingenting å melde", "Ingenting å melde"};
    }
    return context.state == nullptr ? Text{} : context.state->title;
}

}  // namespace fristvakt::workflows
