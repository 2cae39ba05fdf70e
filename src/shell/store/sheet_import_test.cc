// Tables of entities: what they do, and what is wrong with them, by place.
#include "shell/store/sheet_import.h"

#include "support/config_store_fixture.h"

namespace tandem::store {
namespace {

using directory::TextList;

class SheetImportTest : public ConfigStoreTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(apply(R"({"egress_gateways":[
        {"name":"south","remote_ips":["127.0.0.3:5080"],"prefix":["44","49"],"priority":1},
        {"name":"east","remote_ips":["[::1]:5070"],"prefix":[""],
         "extra_headers":["X-A: b,c"]}]})")
                    .ok());
  }

  // The plan, or the fault.
  std::string import(std::string_view table, ImportMode mode = ImportMode::Set,
                     SheetForm form = SheetForm::Csv) {
    const auto section = read_sheet(egress(), table, form, mode, *store_->list("egress_gateways"));
    if (!section.ok()) return section.error().front().sentence;
    Document document;
    document.sections.push_back(*section);
    auto plan = store_->apply(document, Mode::Apply, kAnna);
    if (plan.ok()) return shown(*plan);
    directory::Faults faults = plan.error().faults;
    add_columns(egress(), table, form, faults);
    return faults.front().sentence;
  }

  static const directory::ResourceRow& egress() {
    return *directory::find_resource("egress_gateways");
  }

  static std::string shown(const Plan& plan) {
    std::string text;
    for (const EntityChange& change : plan.entities) {
      if (change.kind == ChangeKind::Unchanged) continue;
      text += change.kind == ChangeKind::Create ? '+' : change.kind == ChangeKind::Remove ? '-' : '~';
      text += change.name;
      if (change.kind == ChangeKind::Remove) continue;
      for (const FieldChange& field : change.fields)
        if (field.field != "name") text += ' ' + field.field + '=' + to_text(field.after);
      text += ';';
    }
    return text;
  }

  std::string exported(SheetForm form, const char* field = "") {
    return write_sheet(egress(), *store_->list("egress_gateways"), form,
                       directory::find_field(egress(), field), Secrets::Hide);
  }
};

TEST_F(SheetImportTest, fields_with_a_column_get_the_values_of_the_table) {
  EXPECT_EQ(import("name,priority,prefix\nsouth,7,\"1,2\"\nwest,3,\"\"\n"),
            "~south priority=7 prefix=1,2;+west priority=3;");
  EXPECT_EQ(import("name,priority\nsouth,\n"), "~south priority=100;") << "the default";
  EXPECT_EQ(import("prefixes\tname\n33\tsouth\n", ImportMode::Set, SheetForm::Tsv),
            "~south prefix=33;");
}

TEST_F(SheetImportTest, rows_of_one_name_are_one_entity) {
  EXPECT_EQ(import("name,prefix,priority\nsouth,1,5\neast,8,\nsouth,2,\nsouth,\"3,1\",5\n"),
            "~south priority=5 prefix=1,2,3;~east prefix=8;");
  EXPECT_EQ(import("name,prefix,priority\nsouth,1,5\nsouth,2,6\n"),
            "line 3, column 9: priority: has another value in an earlier row of this name");
}

TEST_F(SheetImportTest, entries_are_added_to_lists_and_taken_out) {
  EXPECT_EQ(import("name,prefix\nsouth,44\nsouth,45\n", ImportMode::Add),
            "~south prefix=44,49,45;");
  EXPECT_EQ(import("name,prefix\nsouth,45\neast,\"\"\"\"\"\"\n", ImportMode::Remove),
            "~south prefix=44,49;~east prefix=;");
  EXPECT_EQ(import("name,prefix\nsouth,44\nsouth,45\n", ImportMode::Remove),
            "line 3, column 7: prefix: 45 is not in the list, so it cannot be taken out");
  EXPECT_EQ(import("name,prefix\nnorth,44\n", ImportMode::Add),
            "line 2, column 1: name: there is no egress_gateway north");
  EXPECT_EQ(import("name,priority\nsouth,44\n", ImportMode::Add),
            "line 1, column 6: priority: is no list; only entries of lists are added or removed");
}

TEST_F(SheetImportTest, what_has_no_row_is_removed_when_all_is_replaced) {
  EXPECT_EQ(import("name\nsouth\nwest\n", ImportMode::Replace), "+west;-east");
}

TEST_F(SheetImportTest, faults_are_told_by_line_and_column_and_nothing_is_changed) {
  const std::string before = exported(SheetForm::Csv);
  EXPECT_EQ(import("name,prefix\nsouth,44\nsouth,4 4\n"),
            "line 3, column 7: prefix: \"4 4\" is not allowed; it must be "
            "0 to 64 of the characters 0-9 A-Z a-z # * +");
  EXPECT_EQ(import("name,colour\nsouth,red\n"),
            "line 1, column 6: there is no field colour of egress_gateways");
  EXPECT_EQ(import("priority\n4\n"), "line 1, column 1: the column name is missing");
  EXPECT_EQ(import("name,name\n"), "line 1, column 6: name: there are two columns of it");
  EXPECT_EQ(import("name,prefix\n,44\n"), "line 2, column 1: name: is missing");
  EXPECT_EQ(import("name\nsouth,44\n"), "line 2, column 7: there is no column for this cell");
  EXPECT_EQ(import("name,\"prefix\n"), "line 1, column 6: a quote that is not closed");
  EXPECT_EQ(import(""), "line 1, column 1: the first row names the fields, one of which is name");
  const std::string sentence = import("name,capacity,priority\neast,1,1\nsouth,1,-1\n");
  EXPECT_TRUE(sentence.starts_with(
      "line 3, column 9: egress_gateway south: priority: -1 is not allowed; it must be"))
      << sentence;
  EXPECT_EQ(exported(SheetForm::Csv), before);
}

TEST_F(SheetImportTest, what_was_written_is_read_again_and_changes_nothing) {
  for (const SheetForm form : {SheetForm::Csv, SheetForm::Tsv}) {
    EXPECT_EQ(import(exported(form), ImportMode::Replace, form), "");
    EXPECT_EQ(import(exported(form, "prefix"), ImportMode::Set, form), "");
    EXPECT_EQ(import(exported(form, "extra_headers"), ImportMode::Add, form), "");
  }
  EXPECT_EQ(exported(SheetForm::Csv, "prefix"),
            "name,prefix\r\nsouth,44\r\nsouth,49\r\neast,\"\"\"\"\"\"\r\n");
}

}  // namespace
}  // namespace tandem::store
