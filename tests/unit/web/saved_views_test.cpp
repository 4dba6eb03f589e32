#include <filesystem>

#include "integrations/sqlite/access_store.hpp"
#include "tests/browser/town.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/web/asked_pages.hpp"

/// Views of Planoversikt that somebody has named: each person's own, kept beside the log.
namespace fristvakt::tests {
namespace {

using namespace daemon;
using integrations::AccessStore;
using integrations::StoredView;

class SavedViewsTest : public AskedPages {
 protected:
    SavedViewsTest() {
        pages_.add_routes(router_);
        router_.set_refusal([this](const HttpRequest& request, int status) {
            return pages_.error_page(request, status);
        });
    }
    static std::unique_ptr<AccessStore> open(const std::filesystem::path& folder) {
        return std::move(AccessStore::open(folder / "access.db", true)).value();
    }
    HttpResponse save(const std::string& name, const std::string& query) {
        return post("/oversikt/visninger", {{"navn", name}, {"sporring", query}});
    }
    void sign_in(const std::string& address) {
        visitor_ = {.kind = Visitor::Kind::Person,
                    .address = address,
                    .name = address,
                    .permissions = {{rights_of(workflows::Role::Reader), {}}}};
    }

    TemporaryFolder folder_;
    Town town_;
    VisitorEngines engines_{town_};
    std::unique_ptr<AccessStore> store_{open(folder_.path())};
    Pages pages_{engines_, "1.2.3", store_.get()};
};

TEST_F(SavedViewsTest, AreChipsThatLeadThereAndCanBeTakenOff) {
    const HttpResponse saved = save("  Nynorsk; <på> vent ", "?maal=nn&visning=liste&etter=x");
    EXPECT_EQ(saved.status, 303);
    EXPECT_EQ(header(saved, "Location"), "/oversikt?maal=nn&visning=liste")
        << "no more than a view";
    (void)save("Mangler", "?avvik=1");
    const std::string body = get("/oversikt?maal=nn&visning=liste").body;
    const std::string link = "href=\"/oversikt?maal=nn&amp;visning=liste\"";
    EXPECT_TRUE(has(body, link + " aria-current=\"page\">Nynorsk; &lt;på&gt; vent</a>"));
    EXPECT_TRUE(has(body, "href=\"/oversikt?avvik=1\">Mangler</a>"));
    EXPECT_TRUE(has(body, "aria-label=\"Fjern visningen «Mangler»\""));
    EXPECT_TRUE(has(get("/oversikt", "nn").body, "Fjern visinga «Mangler»"));
    // The same name again is the same view.
    (void)save("Mangler", "?avvik=1&uten-kontakt=1");
    EXPECT_FALSE(has(get("/oversikt").body, "href=\"/oversikt?avvik=1\">Mangler"));
    (void)post("/oversikt/visninger", {{"fjern", "Mangler"}, {"sporring", "?maal=nn"}});
    const std::string rest = get("/oversikt").body;
    EXPECT_FALSE(has(rest, "Fjern visningen «Mangler»"));
    EXPECT_TRUE(has(rest, "Nynorsk; "));
    (void)save("   ", "?avvik=1");
    EXPECT_EQ(store_->views("").value().size(), 1U) << "a view has a name";
}

TEST_F(SavedViewsTest, AreEachPersonsOwn) {
    (void)save("Felles", "?avvik=1");
    sign_in("ida@sf.example");
    EXPECT_FALSE(has(get("/oversikt").body, "Felles"));
    (void)save("Mine", "?maal=nn");
    sign_in("ola@sf.example");
    EXPECT_FALSE(has(get("/oversikt").body, ">Mine</a>"));
    (void)post("/oversikt/visninger", {{"fjern", "Mine"}});
    sign_in("ida@sf.example");
    EXPECT_TRUE(has(get("/oversikt").body, ">Mine</a>")) << "on any machine, after any time";
    EXPECT_EQ(store_->erase("ida@sf.example").value(), 1);
    EXPECT_FALSE(has(get("/oversikt").body, ">Mine</a>"));
}

TEST_F(SavedViewsTest, StayWhenOpenedAgainAndAreNeverTooMany) {
    for (int i = 0; i < 60; ++i) {
        (void)save("Visning " + std::to_string(i), "?avvik=1");
    }
    (void)save(std::string(500, 'x') + "å", "?krav=plan");
    const auto before = store_->views("").value();
    EXPECT_EQ(before.size(), 40U);
    EXPECT_EQ(before.back().name, std::string(60, 'x'));
    EXPECT_EQ(open(folder_.path())->views("").value(), before);
}

}  // namespace
}  // namespace fristvakt::tests
