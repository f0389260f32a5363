namespace Sommelier.Tests.Evals.Graders;

/// <summary>XML, HTML and SQL, one line a rule. What promptfoo says of the first two stands in tests/parity/21-markup.</summary>
public sealed class MarkupGradersTests
{
    [Theory]
    [InlineData("""{ "type": "is-xml" }""", "<a/>", true)]
    [InlineData("""{ "type": "is-xml" }""", "  <a><b>x</b></a>\n", true)]
    [InlineData("""{ "type": "is-xml" }""", "<a><b></a></b>", false)]
    [InlineData("""{ "type": "is-xml" }""", "<a/><b/>", false)]
    [InlineData("""{ "type": "is-xml" }""", "<a x=1/>", false)]
    [InlineData("""{ "type": "is-xml" }""", "<a>AT&T</a>", false)]
    [InlineData("""{ "type": "is-xml" }""", "<p:a/>", false)]
    [InlineData("""{ "type": "is-xml" }""", "", false)]
    [InlineData("""{ "type": "is-xml" }""", "<!DOCTYPE a><a/>", true)]
    [InlineData("""{ "type": "is-xml" }""", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", false)]
    [InlineData("""{ "type": "is-xml", "value": ["a.b", "a.c.d"] }""", "<a><b/><c><d>1</d></c></a>", true)]
    [InlineData("""{ "type": "is-xml", "value": ["a.b.d"] }""", "<a><b/><c><d>1</d></c></a>", false)]
    [InlineData("""{ "type": "is-xml", "value": "a.b.1,a.b.0.c" }""", "<a><b><c/></b><b/></a>", true)]
    [InlineData("""{ "type": "is-xml", "value": "a.b.c" }""", "<a><b><c/></b><b/></a>", false)]
    [InlineData("""{ "type": "is-xml", "value": "a.b.2" }""", "<a><b/><b/></a>", false)]
    [InlineData("""{ "type": "is-xml", "value": { "requiredElements": ["a.@_x", "a.#text"] } }""", "<a x='>1'>w</a>", true)]
    [InlineData("""{ "type": "is-xml", "value": ["a.@_y"] }""", "<a x='y'>w</a>", false)]
    [InlineData("""{ "type": "is-xml", "value": ["a.#text"] }""", "<a>w</a>", false)]
    [InlineData("""{ "type": "contains-xml" }""", "See <a>AT&T</a>!", true)]
    [InlineData("""{ "type": "contains-xml" }""", "if a < b then c > d", false)]
    [InlineData("""{ "type": "contains-xml" }""", "<a>", false)]
    [InlineData("""{ "type": "contains-xml" }""", "<!-- <a/> -->", false)]
    [InlineData("""{ "type": "contains-xml", "value": ["a.b"] }""", "one <x> two <a><b/></a>", true)]
    [InlineData("""{ "type": "contains-xml", "value": ["b"] }""", "one <x> two <a><b/></a>", false)]
    [InlineData("""{ "type": "is-html" }""", "<p>x", true)]
    [InlineData("""{ "type": "is-html" }""", "x <b>y</b>", false)]
    [InlineData("""{ "type": "is-html" }""", "<p><b>one</p>two</b>", true)]
    [InlineData("""{ "type": "is-html" }""", "<p><b>one</p></b>two", false)]
    [InlineData("""{ "type": "is-html" }""", "<li>a<li>b</li>c", false)]
    [InlineData("""{ "type": "is-html" }""", "<ul><li>a<ul><li>b</li>c</ul></ul>", true)]
    [InlineData("""{ "type": "is-html" }""", "<x-y>z</x-y>", true)]
    [InlineData("""{ "type": "is-html" }""", "<foo>z</foo>", false)]
    [InlineData("""{ "type": "is-html" }""", "<img alt='>'>", true)]
    [InlineData("""{ "type": "is-html" }""", "<!-- <p>x</p> -->", false)]
    [InlineData("""{ "type": "is-html" }""", "<script>a</p>b</script>", true)]
    [InlineData("""{ "type": "is-html" }""", "<table><tr><td>a</td></tr>b</table>", false)]
    [InlineData("""{ "type": "is-html" }""", "<div><table>a</table></div>", true)]
    [InlineData("""{ "type": "is-html" }""", "5 < 6", false)]
    [InlineData("""{ "type": "contains-html" }""", "so <em>be</em> it", true)]
    [InlineData("""{ "type": "contains-html" }""", "a &lt; b", false)]
    [InlineData("""{ "type": "contains-html" }""", "a <br> b", true)]
    [InlineData("""{ "type": "contains-html" }""", "a <x> b", false)]
    [InlineData("""{ "type": "is-sql" }""", "SELECT name FROM wines WHERE year > 2000 ORDER BY 1;", true)]
    [InlineData("""{ "type": "is-sql" }""", "WITH x AS (SELECT 1 AS a) SELECT a FROM x", true)]
    [InlineData("""{ "type": "is-sql" }""", "SELECT FROM", false)]
    [InlineData("""{ "type": "is-sql" }""", "SELECT (1", false)]
    [InlineData("""{ "type": "is-sql" }""", "Here it is: SELECT 1", false)]
    [InlineData("""{ "type": "is-sql" }""", "SELECT * FROM a; SELEC 1", false)]
    [InlineData("""{ "type": "is-sql" }""", "INSERT INTO a VALUES (1); UPDATE a SET b = 2 WHERE c;", true)]
    [InlineData("""{ "type": "is-sql" }""", "-- nothing", false)]
    [InlineData("""{ "type": "is-sql" }""", "", false)]
    [InlineData("""{ "type": "is-sql" }""", "PRAGMA hard_heap_limit = 1", false)]
    [InlineData("""{ "type": "is-sql" }""", "ATTACH 'x.db' AS y", false)]
    [InlineData("""{ "type": "is-sql" }""", "SELECT 1;\0 and more", false)]
    [InlineData("""{ "type": "is-sql", "value": "CREATE TABLE wines (name TEXT, year INT)" }""", "SELECT name FROM wines WHERE year > 2000", true)]
    [InlineData("""{ "type": "is-sql", "value": "CREATE TABLE wines (name TEXT, year INT)" }""", "SELECT colour FROM wines", false)]
    [InlineData("""{ "type": "is-sql", "value": "CREATE TABLE wines (name TEXT, year INT)" }""", "SELECT 1 FROM beers", false)]
    [InlineData("""{ "type": "contains-sql" }""", "So:\n```sql\nSELECT 1\n```\nDone", true)]
    [InlineData("""{ "type": "contains-sql" }""", "```python\nSELECT 1\n```", false)]
    [InlineData("""{ "type": "contains-sql" }""", "```\nnope\n```\n~~~SQL\nSELECT 1\n~~~", true)]
    [InlineData("""{ "type": "contains-sql" }""", "SELECT 1", true)]
    [InlineData("""{ "type": "contains-sql" }""", "none", false)]
    public void Passes_or_not(string expectation, string answer, bool passes) => Assert.Equal(passes, Grading.Passes(expectation, answer));

    [Theory]
    [InlineData("c0(a)", "c{0}", "", 29, false)]
    [InlineData("c0(a)", "\"C{0}\"", "/* , */", 29, false)]
    [InlineData("c0(a)", "c{0}", "", 8, true)]
    public void Expressions_that_name_each_other_twice_are_read_while_they_stay_small(string first, string name, string between, int count, bool passes)
    {
        var steps = Enumerable.Range(1, count).Select(i => $"c{i}(a) AS (SELECT a FROM {between} {Named(i - 1)} UNION ALL SELECT a FROM {Named(i - 1)})");
        Assert.Equal(passes, Grading.Passes("""{ "type": "is-sql" }""", $"WITH {first} AS NOT MATERIALIZED (SELECT 1), {string.Join(", ", steps)} SELECT * FROM {Named(count)}"));

        string Named(int i) => name.Replace("{0}", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, false, true)]
    [InlineData(200, true, true)]
    [InlineData(201, false, false)]
    [InlineData(201, true, false)]
    [InlineData(3500, true, false)]
    public void A_chain_of_expressions_is_read_while_it_is_short_in_whatever_order(int links, bool backwards, bool passes)
    {
        var steps = Enumerable.Range(1, links - 1).Select(i => $"c{i} AS(TABLE_{i - 1})".Replace("TABLE_", "SELECT*FROM c", StringComparison.Ordinal)).Prepend("c0 AS(SELECT 1)");
        var sql = $"WITH {string.Join(',', backwards ? steps.Reverse() : steps)} SELECT * FROM c{links - 1}";
        Assert.InRange(sql.Length, 0, 100_000);
        Assert.Equal(passes, Grading.Passes("""{ "type": "is-sql" }""", sql));
    }

    [Theory]
    [InlineData("ATTACH 'no-such-file.db' AS x; CREATE TABLE a (b)", "not authorized")]
    [InlineData("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c", "interrupted")]
    public void Definitions_open_no_files_and_end(string definitions, string why) =>
        Assert.Contains(why, Suites.GivenSuite.Problems($$"""{ suite: s, cases: [{ id: a, input: x, expect: [{ is-sql: "{{definitions}}" }] }] }"""), StringComparison.Ordinal);

    [Fact]
    public void What_is_no_definition_of_tables_is_a_mistake_of_the_suite() =>
        Assert.Contains("near \"NOPE\": syntax error'. Write", Suites.GivenSuite.Problems("suite: s\ncases: [{ id: a, input: x, expect: [{ is-sql: NOPE }] }]\n"), StringComparison.Ordinal);

    // By hand: two wanted, three called, one of both: F1 = 2 / 5.
    [Theory]
    [InlineData("get_weather,get_time", 0.4, "get_weather|a|b|a", true)]
    [InlineData("get_weather,get_time", 0.41, "get_weather|a|b|a", false)]
    [InlineData("get_weather, get_time", 1, "get_time|get_weather", true)]
    [InlineData("get_weather", 1, "", false)]
    public void Tools_that_are_called_are_held_to_those_that_should_be(string wanted, double threshold, string called, bool passes)
    {
        var grader = Grading.Grader($$"""{ "type": "tool-call-f1", "value": "{{wanted}}", "threshold": {{threshold.ToString(System.Globalization.CultureInfo.InvariantCulture)}} }""");
        var grade = Grading.Grade(grader, Grading.Calls([.. called.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(static name => (name, "{}"))]));

        Assert.Equal(passes, grade.State == Sommelier.Evals.Graders.GradeState.Passed);
    }
}
