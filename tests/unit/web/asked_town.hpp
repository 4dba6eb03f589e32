#pragma once
#include <string>
#include <utility>

#include "daemon/access/visible.hpp"
#include "daemon/web/actions/actions.hpp"
#include "tests/browser/town.hpp"
#include "tests/unit/web/asked_pages.hpp"

namespace fristvakt::tests {

/// The pages and actions of a town of its own for each test: here things change.
class AskedTown : public AskedPages {
 protected:
    AskedTown() { serve(actions_, pages_); }
    workflows::Case find(const std::string& id) { return *town_.snapshot()->find_case(id).value(); }
    std::string revision(const std::string& id) { return std::to_string(find(id).revision); }
    daemon::HttpResponse act(const std::string& id, const std::string& event, Form fields = {}) {
        fields.emplace_back("event", event);
        fields.emplace_back("revision", revision(id));
        return post("/sak/" + id + "/handling", std::move(fields));
    }

    const std::string tynset_{"pulje-5/plan/tynset"};
    Town town_;
    daemon::VisitorEngines engines_{town_};
    daemon::Pages pages_{engines_, "1.2.3"};
    daemon::Actions actions_{engines_, pages_};
};

}  // namespace fristvakt::tests
