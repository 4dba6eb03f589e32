#pragma once

#include <functional>
#include <string>

#include "daemon/access/visible.hpp"
#include "daemon/engine/watch_health.hpp"
#include "daemon/http/router.hpp"
#include "daemon/web/assets.hpp"
#include "daemon/web/last_contact.hpp"
#include "daemon/web/view.hpp"

namespace fristvakt::integrations {
class AccessStore;
}

namespace fristvakt::daemon {

/// The pages that a case officer reads, drawn here and complete without any script; a script only
/// keeps them current. Lists are files too (`?format=`). They change nothing. bokmål or nynorsk by
/// `?lang=`, remembered in a cookie, else as the installation says. Any thread.
class Pages {
 public:
    /// `engines` must outlive the pages, and so must `views`; without it no views are saved.
    Pages(const VisitorEngines& engines, std::string version,
          integrations::AccessStore* views = nullptr, AskWatches watches = {});

    void add_routes(Router& router);
    using Draw = std::function<PageResult(View&)>;
    /// A page of others, drawn once in the frame of all.
    [[nodiscard]] HttpResponse draw(const HttpRequest& request, const Draw& page) const;
    /// The same for whoever has come by a link of their own: without the menu and what only the
    /// desk must know, also where nobody signs in.
    [[nodiscard]] HttpResponse draw_for_guest(const HttpRequest& request, const Draw& page) const;
    /// The page that says what to do when there is none, or something went wrong.
    [[nodiscard]] HttpResponse error_page(const HttpRequest& request, int status) const;
    /// What a page for `request` is drawn from; Unavailable before the engine has started.
    [[nodiscard]] workflows::Result<View> look(const HttpRequest& request) const;
    using Answer = std::function<HttpResponse(View&)>;
    /// What others make of a look at `request`; the page that says why when there is none.
    [[nodiscard]] HttpResponse with_view(const HttpRequest& request, const Answer& answer) const;
    /// A whole page around `content`. `state` names what the page was drawn from; empty: it does
    /// not keep itself current.
    [[nodiscard]] HttpResponse respond(const View& view, const Content& content, int status,
                                       const std::string& state = {}) const;

    /// The list of `content` in the format that the request asks for; 404 in another.
    [[nodiscard]] HttpResponse file(const View& view, const Content& content) const;

 private:
    [[nodiscard]] HttpResponse draw(View& view, const Draw& page) const;
    [[nodiscard]] HttpResponse message_html(const HttpRequest& request) const;
    [[nodiscard]] HttpResponse notice_html(View& view) const;

    [[nodiscard]] PageResult overview(View& view) const;

    const VisitorEngines& engines_;
    integrations::AccessStore* views_;
    AskWatches watches_;
    std::string version_;
    Assets assets_;
    mutable LastContacts contacts_;  ///< What it remembers is no state of the pages.
};

}  // namespace fristvakt::daemon
