#pragma once

#include "daemon/http/http_message.hpp"
#include "daemon/web/html.hpp"
#include "daemon/web/view.hpp"
#include "integrations/sqlite/access_store.hpp"

/// Filters of Planoversikt that somebody has given a name: each person's own, on whatever machine
/// they sign in; where nobody signs in, all of us share them.
namespace fristvakt::daemon {

/// The reader's views as chips that lead there and can be taken off, and the form that saves what
/// the page shows now. A view's address can be passed on: it holds the whole filter.
/// Unavailable: the store did not answer.
[[nodiscard]] workflows::Result<Html> saved_views(const View& view,
                                                  integrations::AccessStore& store);

/// Saves `sporring` of a form under `navn`, or takes `fjern` away; leads back to the overview.
/// Names are cut to a length, the oldest views go when there are too many, and what is no part of a
/// view is not kept. Unavailable: nothing is changed.
[[nodiscard]] workflows::Result<HttpResponse> save_view(const HttpRequest& request,
                                                        integrations::AccessStore& store);

}  // namespace fristvakt::daemon
