namespace Sommelier.Server.Tests.Faults;

/// <summary>The tables of docs/faults.md, row by row, over real HTTP: the document is the expectation.</summary>
public sealed class FaultTableTests
{
    private static readonly IReadOnlyList<FaultRow> Table = FaultRow.ReadAll();

    public static TheoryData<int, string> Rows()
    {
        var data = new TheoryData<int, string>();
        for (var at = 0; at < Table.Count; at++)
        {
            data.Add(at, Table[at].ToString());
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task What_the_document_says_is_what_happens(int number, string row)
    {
        var promised = Table[number];
        Assert.Equal(row, promised.ToString());

        var seen = await FaultRun.PlayAsync(promised);

        Assert.Equal(promised.Answered, seen.Answered);
        Assert.Equal(promised.Saw, seen.Saw);
        Assert.Equal(promised.Ledger, seen.Ledger);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public void The_table_leaves_no_fault_out(string dialect)
    {
        foreach (var fault in FaultScripts.All.Keys.Append(FaultScripts.Refused))
        {
            // A schema that the provider does not enforce: of those that are configured by hand, only OpenAI's followers lack one.
            var provider = FaultScripts.IsAboutForm(fault) ? "openai" : dialect;
            Assert.Contains(Table, row => row.Fault == fault && row.Caller == dialect && row.Provider == provider && row.Streamed && !row.Alone);
        }
    }
}
