using BenchmarkDotNet.Attributes;
using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Benchmarks;

/// <summary>What one classification costs; texts of about 500 tokens each, and the short and long cases around them.</summary>
[MemoryDiagnoser]
public class ClassifierBenchmarks
{
    private const string EnglishPart =
        "The river had risen overnight, and by morning the lower path was gone; people stood on the bridge and argued about "
        + "who should have closed the gate, while two boys measured the water with a broom handle and wrote numbers on a wall. ";

    private const string KoreanPart =
        "밤새 강물이 불어나 아침에는 아랫길이 사라졌고, 사람들은 다리 위에 서서 누가 수문을 닫았어야 했는지 다투었다. 두 아이는 빗자루로 물 깊이를 쟀다. ";

    private const string ChinesePart = "一夜之间河水上涨，清晨下游的小路已经不见了，人们站在桥上争论究竟应该由谁去关闸门，两个孩子用扫帚柄量水深。";

    private const string CodePart =
        "public static int Count(IReadOnlyList<Order> orders, Func<Order, bool> wanted)\n{\n    var total = 0;\n"
        + "    foreach (var order in orders)\n    {\n        if (wanted(order)) { total += order.Lines.Count; }\n    }\n\n    return total;\n}\n";

    private readonly float[] _probabilities = new float[Intents.Count];
    private string _english = "";
    private string _korean = "";
    private string _chinese = "";
    private string _code = "";
    private string _huge = "";

    [GlobalSetup]
    public void Setup()
    {
        // About 4.4 characters a token in English, 3.5 in code, 1.7 in Korean, 1.4 in Chinese.
        _english = "Summarize this: " + Fill(EnglishPart, 2200);
        _korean = "요약해줘: " + Fill(KoreanPart, 850);
        _chinese = "请总结：" + Fill(ChinesePart, 700);
        _code = "Find the bug:\n" + Fill(CodePart, 1750);
        _huge = Fill(EnglishPart, 400_000);
    }

    [Benchmark]
    public Intent English500Tokens() => Classify(new ClassifierInput { LastUserTurn = _english });

    [Benchmark]
    public Intent Korean500Tokens() => Classify(new ClassifierInput { LastUserTurn = _korean });

    [Benchmark]
    public Intent Chinese500Tokens() => Classify(new ClassifierInput { LastUserTurn = _chinese });

    [Benchmark]
    public Intent Code500Tokens() => Classify(new ClassifierInput { LastUserTurn = _code });

    [Benchmark]
    public Intent OneLine() => Classify(new ClassifierInput { LastUserTurn = "Write a poem about an old bicycle." });

    [Benchmark]
    public Intent FollowUpWithThreeTexts() => Classify(
        new ClassifierInput { LastUserTurn = "yes, go on", PreviousUserTurn = _english, PreviousAssistantTurn = _english, System = _english });

    [Benchmark]
    public Intent SystemPromptSeenBefore() => Classify(new ClassifierInput { LastUserTurn = "Write a poem about an old bicycle.", System = _english });

    [Benchmark]
    public Intent HundredThousandTokens() => Classify(new ClassifierInput { LastUserTurn = _huge });

    private Intent Classify(in ClassifierInput input) => IntentClassifier.Shared.Classify(input, _probabilities).Top;

    private static string Fill(string part, int length) =>
        string.Concat(Enumerable.Repeat(part, (length / part.Length) + 1))[..length];
}
