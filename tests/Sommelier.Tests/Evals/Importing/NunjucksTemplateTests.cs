using System.Text.Json.Nodes;
using Sommelier.Evals.Importing.Templates;

namespace Sommelier.Tests.Evals.Importing;

public sealed class NunjucksTemplateTests
{
    private static readonly Dictionary<string, JsonNode?> Names = new(StringComparer.Ordinal) { ["name"] = "Riesling", ["n"] = 3, ["items"] = new JsonArray("a", "b", "c") };

    [Theory]
    [InlineData("{{ name | upper }}, {{ n + 1 }}", "RIESLING, 4")]
    [InlineData("{% for i in items %}{{ loop.index }}{{ i }}{% if not loop.last %}, {% endif %}{% endfor %}", "1a, 2b, 3c")]
    [InlineData("{{ not not n }} {{ not not not n }}", "true false")]
    [InlineData("{% set x = 'l' ~ n %}{{ [x, name] | join('-') | replace('i', 'y') }}", "l3-Ryeslyng")]
    [InlineData("{% raw %}{{ name }}{% endraw %}!", "{{ name }}!")]
    [InlineData("{% raw %}{{ name }}{% endraw", "{{ name }}")]
    public void What_prompts_are_written_in_is_rendered(string template, string expected) =>
        Assert.Equal(expected, NunjucksTemplate.Render(template, Names));

    [Theory]
    [InlineData("{% if %}x{% endif %}", "missing")]
    [InlineData("{{ 1.2.3 }}", "no number")]
    [InlineData("{% for i in items %}", "endfor")]
    [InlineData("{{ name() }}", "functions")]
    public void What_is_not_known_is_refused_with_a_reason(string template, string reason) =>
        Assert.Contains(reason, Assert.Throws<TemplateException>(() => NunjucksTemplate.Render(template, Names)).Message, StringComparison.Ordinal);

    public static TheoryData<string> Bombs =>
    [
        string.Concat(Enumerable.Repeat("{% for i in items %}", 40)) + string.Concat(Enumerable.Repeat("{% endfor %}", 40)),
        "{% set x = name %}" + string.Concat(Enumerable.Repeat("{% set x = x + x %}", 60)),
        "{% set x = [name] %}" + string.Concat(Enumerable.Repeat("{% set x = [x, x] %}", 60)),
        "{% set x = name %}" + string.Concat(Enumerable.Repeat("{% set x = x | replace('i', x) %}", 60)),
        "{% set x = name %}" + string.Concat(Enumerable.Repeat("{% set x = [x, x, x] | join(x) %}", 60)),
        string.Concat(Enumerable.Repeat("{% if n %}", 100_000)),
        "{{ " + new string('(', 100_000) + " }}",
        "{{ " + new string('9', 1_000) + " }}",
    ];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void What_would_take_all_time_or_memory_is_refused(string template) =>
        Assert.Throws<TemplateException>(() => NunjucksTemplate.Render(template, Names));

    [Fact]
    public void A_hundred_thousand_nots_are_no_depth() =>
        Assert.Equal("true", NunjucksTemplate.Render("{{ " + string.Concat(Enumerable.Repeat("not ", 100_000)) + "n }}", Names));
}
