using System.Text;
using Sommelier.Canonical;
using Sommelier.TestKit;
using Sommelier.Training;

namespace Sommelier.Tests.Routing.Classification;

public sealed class AnnotationsTests
{
    private const string AbcSha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static readonly Annotations Shipped = Annotations.Read(Path.Combine(Approved.Root, "tools", "Sommelier.Training", "annotations.txt"));

    [Fact]
    public void Every_row_is_read_once_or_twice_and_by_two_readers()
    {
        Assert.InRange(Shipped.Rows.Count, 5_000, int.MaxValue);
        Assert.All(Shipped.Rows.Values, readings =>
        {
            var readers = readings.Select(reading => reading.Reader).Where(reader => reader != Annotations.Settler).ToList();
            Assert.InRange(readers.Count, 1, 2);
            Assert.Equal(readers.Distinct(), readers);
        });
    }

    [Fact]
    public void A_label_is_set_right_unless_the_sources_would_do_as_well()
    {
        var annotations = Read("7 1 math\n8 1 math reasoning\n9 1 advice\n9 2 advice knowledge_qa\n10 1 math\n10 2 reasoning math\n10 s coding\n");

        Assert.Equal(Intent.Math, annotations.Corrected(7, Intent.KnowledgeQa));
        Assert.Equal(Intent.Reasoning, annotations.Corrected(8, Intent.Reasoning));
        Assert.Equal(Intent.Math, annotations.Corrected(8, Intent.KnowledgeQa));
        Assert.Equal(Intent.KnowledgeQa, annotations.Corrected(9, Intent.KnowledgeQa));
        Assert.Equal(Intent.Coding, annotations.Corrected(10, Intent.Math));
        Assert.Equal(Intent.Summarization, annotations.Corrected(11, Intent.Summarization));
    }

    [Theory]
    [InlineData("7 1 maths\n", ":2: '7 1 maths'")]
    [InlineData("7 math\n", ":2: '7 math'")]
    [InlineData("7 1 math\nx 1 math\n", ":3: 'x 1 math'")]
    [InlineData("7 1 math\n7 2 coding\n", "disagree on row 7")]
    public void What_cannot_be_read_is_named(string lines, string part) =>
        Assert.Contains(part, Assert.Throws<InvalidDataException>(() => Read(lines)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_numbers_hold_for_their_file_alone()
    {
        var annotations = Read("7 1 math\n");

        annotations.DemandRowsOf(new MemoryStream("abc"u8.ToArray()), "rows.gz");
        var problem = Assert.Throws<InvalidDataException>(() => annotations.DemandRowsOf(new MemoryStream("abd"u8.ToArray()), "rows.gz"));

        Assert.Contains("rows.gz", problem.Message, StringComparison.Ordinal);
        Assert.Contains(AbcSha256, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kappa_takes_off_what_chance_gives()
    {
        (Intent, Intent) both = (Intent.Math, Intent.Math), neither = (Intent.Coding, Intent.Coding), mixed = (Intent.Math, Intent.Coding);

        Assert.Equal(new Agreement(4, 0.75, 0.5, 0.75), Agreement.Of([both, neither, mixed, neither]));
        Assert.Equal(1, Agreement.Of([both, both]).Kappa);
        Assert.Equal(1, Agreement.Of([both, (Intent.Math, Intent.Reasoning)]).SameGroup);
    }

    private static Annotations Read(string lines)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, AbcSha256 + "\n" + lines, Encoding.UTF8);
            return Annotations.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
