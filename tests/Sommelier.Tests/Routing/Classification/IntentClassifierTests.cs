using CsCheck;
using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Tests.Routing.Classification;

public sealed class IntentClassifierTests
{
    [Theory]
    [InlineData(Intent.Coding, "Write a C# method that reverses a linked list, with tests.")]
    [InlineData(Intent.Coding, "파이썬으로 CSV 파일을 읽어서 정렬하는 코드 짜줘")]
    [InlineData(Intent.Coding, "Pythonで素数を判定する関数を実装して")]
    [InlineData(Intent.Coding, "用JavaScript写一个防抖函数")]
    [InlineData(Intent.Math, "Solve 5x + 3 = 2x - 9 for x.")]
    [InlineData(Intent.Math, "방정식 3x + 7 = 22 를 풀어줘")]
    [InlineData(Intent.Math, "半径7cmの円の面積を計算してください")]
    [InlineData(Intent.Math, "求解方程 4x - 8 = 12")]
    [InlineData(Intent.Translation, "Translate to French: The museum is closed on Mondays.")]
    [InlineData(Intent.Translation, "이 문장을 영어로 번역해 주세요: 오늘은 날씨가 참 좋네요.")]
    [InlineData(Intent.Translation, "次の文を英語に翻訳してください：電車が遅れています。")]
    [InlineData(Intent.Translation, "把这句话翻译成英文：我下个月要搬家。")]
    [InlineData(Intent.Summarization, "Summarize the article below in three bullet points.\n\nThe harbour has been dredged for the first time in forty years, and the port now expects larger ships.")]
    [InlineData(Intent.Summarization, "다음 글을 두 문장으로 요약해줘.\n\n마을 축제가 십 년 만에 다시 열렸다. 주민들은 직접 만든 음식을 나누었다.")]
    [InlineData(Intent.Summarization, "以下の文章を短く要約してください。\n\n村の祭りが十年ぶりに開かれ、住民は手作りの料理を分け合った。")]
    [InlineData(Intent.Summarization, "请用两句话总结下面的文章。\n\n村里的庙会时隔十年再次举行，居民们分享了自己做的食物。")]
    [InlineData(Intent.CreativeWriting, "Write a short poem about an old bicycle in the rain.")]
    [InlineData(Intent.CreativeWriting, "가을 바다를 주제로 시를 써줘")]
    [InlineData(Intent.CreativeWriting, "雪の駅を舞台にした短い物語を書いて")]
    [InlineData(Intent.CreativeWriting, "写一首关于秋天湖水的诗")]
    [InlineData(Intent.FunctionalWriting, "Write an email to a customer apologising for a wrong invoice.")]
    [InlineData(Intent.FunctionalWriting, "고객에게 배송 지연을 안내하는 이메일을 작성해줘")]
    [InlineData(Intent.FunctionalWriting, "お客様に請求書の誤りを謝るメールを書いてください")]
    [InlineData(Intent.FunctionalWriting, "给客户写一封为账单错误道歉的邮件")]
    [InlineData(Intent.IdeationPlanning, "Give me ten name ideas for a bookshop.")]
    [InlineData(Intent.IdeationPlanning, "부산 1박 2일 여행 계획 짜줘")]
    [InlineData(Intent.IdeationPlanning, "本屋の名前のアイデアを10個ください")]
    [InlineData(Intent.IdeationPlanning, "帮我制定一个三天的北京旅游计划")]
    [InlineData(Intent.Advice, "My colleague takes credit for my work. What should I do?")]
    [InlineData(Intent.Advice, "동료가 자꾸 일을 미루는데 어떻게 하면 좋을까요? 조언해줘")]
    [InlineData(Intent.Advice, "隣の人がうるさくて困っています。どうすればいいですか")]
    [InlineData(Intent.Advice, "室友总是很吵，我该怎么办？")]
    [InlineData(Intent.Conversation, "Hello! How are you today?")]
    [InlineData(Intent.Conversation, "안녕, 뭐해?")]
    [InlineData(Intent.Conversation, "こんにちは、元気ですか")]
    [InlineData(Intent.Conversation, "你好，最近怎么样")]
    [InlineData(Intent.KnowledgeQa, "What is the difference between weather and climate?")]
    [InlineData(Intent.KnowledgeQa, "화산은 왜 폭발하는지 설명해줘")]
    [InlineData(Intent.KnowledgeQa, "虹はなぜできるのですか")]
    [InlineData(Intent.KnowledgeQa, "什么是黑洞")]
    [InlineData(Intent.Rewriting, "Rewrite this to sound friendlier: You must answer by noon.")]
    [InlineData(Intent.Rewriting, "이 문장을 더 정중하게 고쳐줘: 내일까지 꼭 와.")]
    [InlineData(Intent.Rewriting, "この文をもっと丁寧に書き直して：明日までに来い。")]
    [InlineData(Intent.Rewriting, "请润色这段话：这个产品很好用，大家都很喜欢用它。")]
    [InlineData(Intent.Classification, "Is the sentiment of this review positive or negative? \"The soup was cold and the waiter rude.\"")]
    [InlineData(Intent.Classification, "다음 리뷰가 긍정인지 부정인지 분류해줘: \"국물이 식었고 불친절했어요\"")]
    [InlineData(Intent.Classification, "このレビューを肯定か否定に分類して：「スープが冷めていた」")]
    [InlineData(Intent.Classification, "判断这条评论是正面还是负面：“汤是凉的，服务也差”")]
    [InlineData(Intent.Extraction, "Extract all names and phone numbers from this text as JSON: Call Ann on 555-0101 or Raj on 555-0102.")]
    [InlineData(Intent.Extraction, "다음 글에서 날짜와 장소를 추출해줘: 5월 3일 광주에서 행사가 열린다.")]
    [InlineData(Intent.Extraction, "次の文から日付と場所を抽出してください：五月三日に神戸で開催。")]
    [InlineData(Intent.Extraction, "从下面的文字中提取日期和地点：五月三日在苏州举办。")]
    public void Knows_a_clear_task_in_four_languages(Intent expected, string text)
    {
        var prediction = Classify(new ClassifierInput { LastUserTurn = text });

        Assert.Equal(expected, prediction.Top);
    }

    [Theory]
    [InlineData("Turn on the kitchen lights and set a timer for ten minutes.")]
    [InlineData("내일 오전 8시에 알람 맞춰줘")]
    [InlineData("リビングのエアコンをつけて")]
    [InlineData("帮我定一个明天八点的闹钟")]
    public void Knows_a_command_when_tools_are_offered(string text)
    {
        var prediction = Classify(new ClassifierInput { LastUserTurn = text, ToolsOffered = true });

        Assert.Equal(Intent.ToolUse, prediction.Top);
        Assert.Equal(IntentGroup.Agentic, prediction.Group);
    }

    [Theory]
    [InlineData("Find out why the build fails and fix it.")]
    [InlineData("빌드가 왜 실패하는지 찾아서 고쳐줘")]
    [InlineData("ビルドが失敗する原因を調べて直して")]
    [InlineData("找出构建失败的原因并修复")]
    public void A_step_after_a_tool_result_is_tool_use(string task)
    {
        var prediction = Classify(new ClassifierInput
        {
            LastUserTurn = task, ToolsOffered = true, ToolsUsed = true, LastTurnIsToolResult = true,
        });

        Assert.Equal(Intent.ToolUse, prediction.Top);
    }

    [Fact]
    public void Tools_that_are_only_offered_do_not_turn_a_poem_into_tool_use()
    {
        var prediction = Classify(new ClassifierInput { LastUserTurn = "Write a short poem about an old bicycle in the rain.", ToolsOffered = true });

        Assert.Equal(Intent.CreativeWriting, prediction.Top);
    }

    [Fact]
    public void A_system_prompt_tips_a_turn_that_names_no_task()
    {
        const string text = "The museum is closed on Mondays.";
        var alone = new float[Intents.Count];
        var told = new float[Intents.Count];

        Classify(new ClassifierInput { LastUserTurn = text }, alone);
        Classify(new ClassifierInput { LastUserTurn = text, System = "You are a translator. Translate everything the user writes into German." }, told);

        Assert.True(told[(int)Intent.Translation] > alone[(int)Intent.Translation]);
    }

    [Fact]
    public void Structured_output_and_an_image_are_evidence()
    {
        const string text = "What stands on this receipt?";
        var plain = new float[Intents.Count];
        var structured = new float[Intents.Count];
        var image = new float[Intents.Count];

        Classify(new ClassifierInput { LastUserTurn = text }, plain);
        Classify(new ClassifierInput { LastUserTurn = text, StructuredOutputAsked = true }, structured);
        Classify(new ClassifierInput { LastUserTurn = text, HasImage = true }, image);

        Assert.True(structured[(int)Intent.Extraction] > plain[(int)Intent.Extraction]);
        Assert.True(image[(int)Intent.ContextQa] > plain[(int)Intent.ContextQa]);
    }

    [Fact]
    public void Probabilities_sum_to_one_and_agree_with_the_answer()
    {
        var probabilities = new float[Intents.Count];

        var prediction = Classify(new ClassifierInput { LastUserTurn = "Write a SQL query that counts orders per day." }, probabilities);

        Assert.Equal(1, probabilities.Sum(), 4);
        Assert.Equal(probabilities.Max(), prediction.Confidence);
        Assert.Equal(probabilities[(int)prediction.Top], prediction.Confidence);
        var group = Enumerable.Range(0, Intents.Count).Where(i => ((Intent)i).Group() == prediction.Group).Sum(i => probabilities[i]);
        Assert.Equal(group, prediction.GroupConfidence, 4);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n")]
    public void Abstains_when_there_is_nothing_to_read(string text) =>
        Assert.True(Classify(new ClassifierInput { LastUserTurn = text }).Abstained);

    [Fact]
    public void Answers_the_same_every_time_and_from_every_thread()
    {
        const string text = "Explain how tides work and write a haiku about them.";
        var expected = new float[Intents.Count];
        Classify(new ClassifierInput { LastUserTurn = text }, expected);

        Parallel.For(0, 64, _ =>
        {
            var again = new float[Intents.Count];
            Classify(new ClassifierInput { LastUserTurn = text }, again);
            Assert.Equal(expected, again);
        });
    }

    [Fact]
    public void Allocates_nothing()
    {
        var text = string.Concat(Enumerable.Repeat("다음 글을 요약해줘. Write 25 lines of code; 次の文章を翻訳してください。 ", 60));
        var probabilities = new float[Intents.Count];
        var input = new ClassifierInput
        {
            LastUserTurn = "다시 해줘", PreviousUserTurn = text, PreviousAssistantTurn = "Shall I go on?", System = text, ToolsOffered = true,
        };
        for (var i = 0; i < 100; i++)
        {
            IntentClassifier.Shared.Classify(input, probabilities);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            IntentClassifier.Shared.Classify(input, probabilities);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_system_prompt_that_was_read_before_scores_as_one_that_is_read_anew()
    {
        // More of them than are kept, so that they take each other's places, from several threads.
        string[] works = ["Translate what you are given.", "You write SQL.", "Summarize.", "You are a friend to talk to.", "다음 글을 번역하세요."];
        var systems = Enumerable.Range(0, 600).Select(at => $"{works[at % works.Length]} {at}").ToArray();
        var kept = new IntentClassifier(Weights);

        Parallel.For(0, 4 * systems.Length, at =>
        {
            var input = new ClassifierInput { LastUserTurn = "ok, next one", System = systems[at % systems.Length] };
            var (expected, actual) = (new float[Intents.Count], new float[Intents.Count]);
            new IntentClassifier(Weights).Classify(input, expected);
            kept.Classify(input, actual);
            kept.Classify(input, actual);
            Assert.Equal(expected, actual);
        });
    }

    [Fact]
    public void Never_throws_whatever_the_text()
    {
        // Any UTF-16 unit, lone surrogates included.
        var texts = Gen.Char['\0', '\uffff'].Array[0, 4000].Select(units => new string(units));

        Gen.Select(texts, texts).Sample((last, earlier) =>
        {
            var probabilities = new float[Intents.Count];
            var prediction = Classify(
                new ClassifierInput { LastUserTurn = last, PreviousUserTurn = earlier, PreviousAssistantTurn = earlier, System = earlier },
                probabilities);
            return Enum.IsDefined(prediction.Top) && probabilities.All(float.IsFinite) && Math.Abs(probabilities.Sum() - 1) < 1e-3;
        }, iter: 300);
    }

    [Fact]
    public void Reads_a_huge_text_as_fast_as_its_two_ends()
    {
        var huge = new string('가', 2_000_000) + "\ud800";

        Assert.True(float.IsFinite(Classify(new ClassifierInput { LastUserTurn = huge, System = huge }).Confidence));
    }

    [Fact]
    public void Refuses_too_little_room_for_the_probabilities()
    {
        var problem = Assert.Throws<ArgumentException>(() => IntentClassifier.Shared.Classify(new ClassifierInput(), new float[3]));

        Assert.Contains("18", problem.Message, StringComparison.Ordinal);
    }

    private static readonly ClassifierWeights Weights = ClassifierWeights.LoadShared();

    private static IntentPrediction Classify(in ClassifierInput input) => Classify(input, new float[Intents.Count]);

    private static IntentPrediction Classify(in ClassifierInput input, float[] probabilities) =>
        IntentClassifier.Shared.Classify(input, probabilities);
}
