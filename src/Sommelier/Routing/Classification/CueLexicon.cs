using System.Runtime.CompilerServices;
using System.Text;

namespace Sommelier.Routing.Classification;

/// <summary>
/// Words that name a task in many languages, grouped by concept, so that what is learned from one language serves all.
/// </summary>
/// <remarks>
/// Data/cues.txt, one concept a line: <c>name: term, term, pre*, two words</c>; a name that ends in <c>!</c> is a task that a short
/// turn can ask for by itself ("translate it"). Terms in Han, Kana or Hangul match anywhere inside a text (two to four
/// units), others match whole words, up to three in a row, or prefixes of four to eight letters.
/// </remarks>
internal sealed class CueLexicon
{
    public const int MaxConcepts = 96;
    private const int SlotCount = 1 << 14;
    private const uint PrefixSalt = 0x5bd1e995;
    private readonly uint[] _keys = new uint[SlotCount];
    private readonly byte[] _concepts = new byte[SlotCount];
    private readonly ulong[] _filter = new ulong[(1 << 15) / 64];
    private readonly bool[] _isTask = new bool[MaxConcepts];
    private readonly List<string> _names = [];

    private CueLexicon(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line[0] != '#')
            {
                AddConcept(line);
            }
        }
    }

    /// <summary>The lexicon that ships; the weights file remembers its fingerprint.</summary>
    public static CueLexicon Shared { get; } = Load();

    public IReadOnlyList<string> Names => _names;

    /// <summary>Changes when any concept or term does: old weights must then be refused.</summary>
    public ulong Fingerprint { get; private set; } = 14695981039346656037;

    public bool IsTask(int concept) => _isTask[concept];

    public static uint PrefixKey(uint wordState) => FeatureHash.Word(wordState ^ PrefixSalt);

    /// <summary>What <see cref="MayHold"/> looks into.</summary>
    public ReadOnlySpan<ulong> Filter => _filter;

    /// <summary>False for nearly every hash that is no cue; the caller then need not look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayHold(ReadOnlySpan<ulong> filter, uint key) => (filter[(int)(key >> 23)] >> (int)(key >> 17) & 1) != 0;

    /// <summary>The first slot of the key's concepts; walk it with <see cref="Next"/>. Negative when there is none.</summary>
    public int Find(uint key) => Walk(key, (int)(key % SlotCount));

    public int Next(uint key, int slot) => Walk(key, (slot + 1) % SlotCount);

    public int Concept(int slot) => _concepts[slot] - 1;

    private static CueLexicon Load()
    {
        using var stream = ClassifierResources.Open("cues.txt");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new CueLexicon(reader.ReadToEnd());
    }

    private int Walk(uint key, int slot)
    {
        while (_concepts[slot] != 0)
        {
            if (_keys[slot] == key)
            {
                return slot;
            }

            slot = (slot + 1) % SlotCount;
        }

        return -1;
    }

    private void AddConcept(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var name = line[..colon].Trim();
        var concept = _names.Count;
        if (concept >= MaxConcepts)
        {
            throw new InvalidDataException($"cues.txt has more than {MaxConcepts} concepts; raise CueLexicon.MaxConcepts.");
        }

        _isTask[concept] = name.EndsWith('!');
        _names.Add(name.TrimEnd('!'));
        foreach (var unit in line)
        {
            Fingerprint = (Fingerprint ^ unit) * 1099511628211;
        }

        foreach (var term in line[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            AddKey(KeyOf(term), concept);
        }
    }

    private static uint KeyOf(string term)
    {
        if (CharKinds.Kinds[term[0]] is CharKinds.Ideograph or CharKinds.Hangul)
        {
            if (term.Length is < 2 or > 4)
            {
                throw new InvalidDataException($"cues.txt: '{term}' must have two to four characters.");
            }

            ulong window = 0;
            foreach (var unit in term)
            {
                window = (window << 16) | unit;
            }

            return FeatureHash.Gram(window, term.Length);
        }

        if (term.EndsWith('*'))
        {
            return term.Length is >= 5 and <= 9
                ? PrefixKey(StateOf(term.AsSpan()[..^1]))
                : throw new InvalidDataException($"cues.txt: the prefix '{term}' must have four to eight letters.");
        }

        var words = term.Split(' ');
        var key = FeatureHash.Word(StateOf(words[0]));
        for (var i = 1; i < words.Length; i++)
        {
            key = FeatureHash.WordPair(key, FeatureHash.Word(StateOf(words[i])));
        }

        return key;
    }

    private static uint StateOf(ReadOnlySpan<char> word)
    {
        var state = FeatureHash.WordSeed;
        foreach (var unit in word)
        {
            state = FeatureHash.Step(state, CharKinds.Fold(unit));
        }

        return state;
    }

    private void AddKey(uint key, int concept)
    {
        var slot = (int)(key % SlotCount);
        while (_concepts[slot] != 0)
        {
            slot = (slot + 1) % SlotCount;
        }

        _keys[slot] = key;
        _concepts[slot] = (byte)(concept + 1);
        _filter[(key >> 17) >> 6] |= 1UL << (int)((key >> 17) & 63);
    }
}
