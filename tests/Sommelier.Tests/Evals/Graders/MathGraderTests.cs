using Sommelier.Judging.Mathematics;

namespace Sommelier.Tests.Evals.Graders;

public sealed class MathGraderTests
{
    private static readonly MathComparison Comparison = new();

    private static string[] Answers => [.. Grading.Lines("math500", "math500.jsonl").Select(static row => row["answer"]!.GetValue<string>())];

    [Fact]
    public void Every_answer_of_MATH500_is_understood()
    {
        // Words are compared as words; everything else must be read, or only its letters would count.
        var unread = Answers.Where(static answer => !answer.Contains(@"\text", StringComparison.Ordinal) && MathParser.Parse(MathText.Normalize(answer)) is null);

        Assert.Equal([], unread);
    }

    [Fact]
    public void Every_answer_of_MATH500_equals_its_variants()
    {
        var (tried, wrong) = (0, new List<string>());
        foreach (var answer in Answers)
        {
            foreach (var variant in MathVariants.Of(answer))
            {
                tried++;
                if (!Comparison.Same(answer, variant) || !Comparison.Same(variant, answer))
                {
                    wrong.Add($"{answer}   {variant}");
                }
            }
        }

        Assert.Equal([], wrong);
        Assert.InRange(tried, 5_000, 50_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{tried} variants");
    }

    [Fact]
    public void Different_answers_of_MATH500_differ()
    {
        // Written differently, and the same all the same: units, degrees and currencies do not count.
        HashSet<(string, string)> same =
        [
            (@"90^\circ", "90"), ("5", "x=5"), ("1,-2", "-2,1"), (@"120^\circ", "120"), ("36", @"36^\circ"), ("36", @"\$36"), (@"\frac{1}{4}", @"\frac14"), (@"30^\circ", "30"),
            (@"10,\!080", "10080"), ("15", @"15\mbox{ cm}^2"), (@"36^\circ", @"\$36"), (@"2 \sqrt{5}", @"2\sqrt{5}"),
        ];
        var answers = Answers.Distinct(StringComparer.Ordinal).ToArray();
        var wrong = new List<string>();
        for (var i = 0; i < answers.Length; i++)
        {
            for (var j = i + 1; j < answers.Length; j++)
            {
                if (Comparison.Same(answers[i], answers[j]) && !same.Contains((answers[i], answers[j])))
                {
                    wrong.Add($"{answers[i]}   {answers[j]}");
                }
            }
        }

        Assert.Equal([], wrong);
    }

    [Fact]
    public void Every_answer_of_MATH500_differs_from_its_corruptions()
    {
        var wrong = new List<string>();
        var tried = 0;
        foreach (var answer in Answers)
        {
            foreach (var corrupt in MathVariants.Corruptions(answer))
            {
                tried++;
                if (Comparison.Same(answer, corrupt))
                {
                    wrong.Add($"{answer}   {corrupt}");
                }
            }
        }

        Assert.Equal([], wrong);
        TestContext.Current.TestOutputHelper?.WriteLine($"{tried} corruptions");
    }

    [Theory]
    [InlineData(@"\frac{1}{2}", "0.5", true)]
    [InlineData("1/3", "0.333", false)]
    [InlineData(@"\frac{\sqrt{2}}{2}", @"\frac{1}{\sqrt{2}}", true)]
    [InlineData("(x+1)^2", "x^2+2x+1", true)]
    [InlineData("(x+1)^2", "x^2+2x+2", false)]
    [InlineData(@"\sin^2 x + \cos^2 x", "1", true)]
    [InlineData(@"\sin 2x", @"2\sin x\cos x", true)]
    [InlineData(@"\cot x", @"\frac{\cos x}{\sin x}", true)]
    [InlineData(@"\sqrt{x^2}", "x", false)]
    [InlineData(@"\{1, 2, 3\}", "3, 1, 2", true)]
    [InlineData(@"\{1, 2\}", @"\{1, 2, 2\}", false)]
    [InlineData("(1, 2)", "(2, 1)", false)]
    [InlineData("[1, 2)", "[1, 2]", false)]
    [InlineData("(100,200)", "(100, 200)", true)]
    [InlineData(@"(-\infty, 2) \cup (3, \infty)", @"(3,\infty)\cup(-\infty,2)", true)]
    [InlineData("y = 2x + 3", "2x - y + 3 = 0", true)]
    [InlineData("y = 2x + 3", "y = 2x - 3", false)]
    [InlineData("y = 2x", "2x", true)]
    [InlineData("x = 5", "y = 5", false)]
    [InlineData(@"x \le 5", @"5 \ge x", true)]
    [InlineData(@"x \le 5", "x < 5", false)]
    [InlineData(@"1 \pm \sqrt{2}", @"1 - \sqrt{2} \text{ and } 1 + \sqrt{2}", true)]
    [InlineData(@"x = 2 \pm i", "2+i, 2-i", true)]
    [InlineData("204_5", "204_{5}", true)]
    [InlineData("204_5", "204_6", false)]
    [InlineData(@"2^{10}", "1024", true)]
    [InlineData("11111111100", "11111111101", false)]
    [InlineData("5!", "120", true)]
    [InlineData(@"\binom{5}{2}", "10", true)]
    [InlineData(@"\sqrt[3]{-8}", "-2", true)]
    [InlineData(@"\log_2 8", "3", true)]
    [InlineData(@"|{-3}|", "3", true)]
    [InlineData("3 1/2", "3.5", true)]
    [InlineData("12 inches", "12", true)]
    [InlineData(@"50\%", "50", true)]
    [InlineData(@"\text{(B)}", "B", true)]
    [InlineData("Evelyn", @"\text{evelyn}", true)]
    [InlineData("R", "r", false)]
    [InlineData(@"1 \text{ and } 2", "12", false)]
    [InlineData("", "0", false)]
    public void Means_the_same(string left, string right, bool same)
    {
        Assert.Equal(same, Comparison.Same(left, right));
        Assert.Equal(same, Comparison.Same(right, left));
    }

    [Theory]
    [InlineData(@"First \boxed{3}, no: \boxed{\frac{1}{2}}. Done.")]
    [InlineData("We get 17 and so\n#### 1/2")]
    [InlineData("After much thought, the final answer is $\\frac12$.")]
    [InlineData("**Answer:** 0.5")]
    [InlineData("$x = \\frac{1}{2}$")]
    [InlineData("So it is a half:\n\nTherefore $x=0.5$")]
    public void The_result_is_found(string answer) => Assert.True(Grading.Passes("""{ "type": "math", "value": "\\frac{1}{2}" }""", answer));

    [Fact]
    public void A_tolerance_is_a_setting()
    {
        Assert.False(Grading.Passes("""{ "type": "math", "value": "\\pi" }""", "3.1416"));
        Assert.True(Grading.Passes("""{ "type": "math", "value": "\\pi", "relative_tolerance": 0.001 }""", "3.1416"));
        Assert.True(Grading.Passes("""{ "type": "math", "value": "1/3", "tolerance": 0.01 }""", "0.33"));
    }
}
