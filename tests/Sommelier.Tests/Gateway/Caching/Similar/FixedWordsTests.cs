using Sommelier.Gateway.Caching.Similar;

namespace Sommelier.Tests.Gateway.Caching.Similar;

public sealed class FixedWordsTests
{
    [Theory]
    [InlineData("How many feet are 5 miles?", "How many feet are 6 miles?")]
    [InlineData("Who was Marie Curie?", "Who was Pierre Curie?")]
    [InlineData("how do I install it with npm?", "how do I not install it with npm?")]
    [InlineData("What does `reset` do?", "What does `revert` do?")]
    [InlineData("what does \"as good as new\" mean", "what does \"as good as gold\" mean")]
    [InlineData("mail it to ann@example.org", "mail it to bob@example.org")]
    [InlineData("open /etc/hosts please", "open /etc/fstab please")]
    [InlineData("is x < y here", "is x > y here")]
    [InlineData("Why don't they sell it?", "Why do they sell it?")]
    [InlineData("Kannst du das erklären?", "Kannst du das nicht erklären?")]
    [InlineData("Peux-tu le dire ?", "Peux-tu ne pas le dire ?")]
    [InlineData("이거 먹어도 돼?", "이거 안 먹으면 안 돼? 못 먹어?")]
    [InlineData("これは食べられますか", "これは食べられない")]
    [InlineData("三个苹果多少钱", "四个苹果多少钱")]
    [InlineData("这个能吃吗", "这个不能吃吗")]
    [InlineData("Tell me about NASA.", "Tell me about ESA.")]
    [InlineData("price in €", "price in $")]
    public void Words_for_which_no_other_will_do_tell_turns_apart(string one, string other) => Assert.NotEqual(FixedWords.Of(one), FixedWords.Of(other));

    [Theory]
    [InlineData("How do I reset my password?", "How can I set a new password?")]
    [InlineData("Please tell me how many feet are in 5 miles.", "5 miles are how many feet?")]
    [InlineData("what is the capital of France?", "What's the capital of France")]
    [InlineData("Hello! Can you help me?", "Could you help me, please?")]
    [InlineData("비밀번호를 바꾸고 싶어요", "비밀번호 변경 방법 알려 주세요")]
    [InlineData("", "  ")]
    public void Other_words_may_differ(string one, string other) => Assert.Equal(FixedWords.Of(one), FixedWords.Of(other));

    [Theory]
    [InlineData("\"")]
    [InlineData("' . \" ! `")]
    [InlineData("... ??? ,,,")]
    [InlineData("\ud83d \"\ud83d\ude00")]
    public void Nothing_breaks_it(string odd) => Assert.NotNull(FixedWords.Of(odd));
}
