#include "daemon/web/visitor_links.hpp"

#include "daemon/access/rights.hpp"
#include "daemon/web/form.hpp"

namespace fristvakt::daemon {

Html visitor_links(const View& view) {
    const Visitor& visitor = view.visitor();
    if (visitor.kind != Visitor::Kind::Person) {
        return {};
    }
    Html out = html("<a class=\"ds-link\" href=\"/okter\">{}</a>",
                    visitor.name.empty() ? visitor.address : visitor.name);
    if (may(visitor, Right::Administer)) {
        out.add(" <a class=\"ds-link\" href=\"/nokler\">{}</a>",
                view.pick("API-nøkler", "API-nyklar"));
    }
    out.add(
        " <form method=\"post\" action=\"/logg-ut\" class=\"fv-inline\">{}<button "
        "class=\"ds-button\" data-variant=\"tertiary\" data-size=\"sm\" type=\"submit\">{}</button>"
        "</form>",
        form_token_field(view), view.pick("Logg ut", "Logg ut"));
    return out;
}

}  // namespace fristvakt::daemon
