using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Tests.Routing.Classification;

public sealed class FollowUpTests
{
    private const string English = "Write a Python function that parses an INI file and returns a dictionary.";
    private const string Korean = "이 문장을 영어로 번역해 주세요: 기차가 늦게 도착했습니다.";
    private const string Japanese = "次の文を英語に翻訳してください：電車が遅れて到着しました。";
    private const string Chinese = "写一首关于春天小河的诗";

    [Theory]
    [InlineData("yes")]
    [InlineData("Yes, please do it")]
    [InlineData("continue")]
    [InlineData("ok, go on")]
    [InlineData("try again")]
    [InlineData("네")]
    [InlineData("다시 해줘")]
    [InlineData("계속해 주세요")]
    [InlineData("좋아요, 그렇게 해주세요")]
    [InlineData("もう一度")]
    [InlineData("はい、お願いします")]
    [InlineData("続けてください")]
    [InlineData("继续")]
    [InlineData("好的，请再来一次")]
    [InlineData("是的")]
    [InlineData("sí, por favor")]
    [InlineData("oui, encore une fois")]
    [InlineData("ja, bitte weiter")]
    [InlineData("да, продолжай")]
    [InlineData("👍")]
    public void Belongs_to_the_task_before_it(string turn)
    {
        Assert.True(FollowUp.IsBare(turn));
        Assert.Equal(Intent.Coding, After(English, turn).Top);
        Assert.Equal(Intent.Translation, After(Korean, turn).Top);
        Assert.Equal(Intent.Translation, After(Japanese, turn).Top);
        Assert.Equal(Intent.CreativeWriting, After(Chinese, turn).Top);
    }

    [Theory]
    [InlineData(Intent.Translation, "Translate it into Spanish")]
    [InlineData(Intent.Translation, "스페인어로 번역해줘")]
    [InlineData(Intent.Summarization, "要約して")]
    [InlineData(Intent.Translation, "翻译成西班牙语")]
    [InlineData(Intent.KnowledgeQa, "By the way, which planet in our solar system has the most moons?")]
    [InlineData(Intent.Conversation, "Thank you so much, that was really helpful!")]
    public void A_turn_that_names_its_own_task_stands_by_itself(Intent expected, string turn)
    {
        var prediction = After(English, turn);

        Assert.Equal(expected, prediction.Top);
        Assert.True(prediction.LastTurnWeight > 0.5f);
    }

    [Theory]
    [InlineData("Would you like me to translate the letter into French?", "yes", Intent.Translation)]
    [InlineData("이 편지를 프랑스어로 번역해 드릴까요?", "네", Intent.Translation)]
    [InlineData("この手紙をフランス語に翻訳しましょうか？", "はい", Intent.Translation)]
    [InlineData("需要我把这封信翻译成法语吗？", "好的", Intent.Translation)]
    public void A_yes_takes_up_what_the_assistant_offered(string offer, string turn, Intent expected)
    {
        var prediction = IntentClassifier.Shared.Classify(
            new ClassifierInput { LastUserTurn = turn, PreviousAssistantTurn = offer },
            new float[Intents.Count]);

        Assert.Equal(expected, prediction.Top);
    }

    [Theory]
    [InlineData("What is the capital of Mongolia?")]
    [InlineData("사과 다섯 개를 세 명이 나누면 몇 개씩이야?")]
    [InlineData("明日の東京の天気を教えてください")]
    [InlineData("请把这篇文章翻译成英文")]
    public void A_whole_request_is_not_bare(string turn) => Assert.False(FollowUp.IsBare(turn));

    [Fact]
    public void A_long_request_ignores_what_came_before()
    {
        const string request = "Summarize the following report in three sentences: the bridge was closed in May, and the repair needs two more years.";
        var alone = new float[Intents.Count];
        var after = new float[Intents.Count];

        IntentClassifier.Shared.Classify(new ClassifierInput { LastUserTurn = request }, alone);
        IntentClassifier.Shared.Classify(new ClassifierInput { LastUserTurn = request, PreviousUserTurn = English }, after);

        Assert.Equal(alone, after);
    }

    private static IntentPrediction After(string earlier, string turn) => IntentClassifier.Shared.Classify(
        new ClassifierInput { LastUserTurn = turn, PreviousUserTurn = earlier, PreviousAssistantTurn = "Here you are." },
        new float[Intents.Count]);
}
