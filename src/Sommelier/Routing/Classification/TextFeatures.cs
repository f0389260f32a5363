using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sommelier.Routing.Classification;

/// <summary>Reads a text once and notes its n-grams, cues and shape. Training and serving call exactly this.</summary>
/// <remarks>
/// Words and word pairs are read from the first <see cref="HeadUnits"/> and last <see cref="TailUnits"/> units, n-grams of
/// letters only near the two ends, where the instruction stands; what lies between costs nothing. Scripts without spaces
/// have no words, so their n-grams of one to three units are read wherever words would be.
/// </remarks>
internal ref struct TextFeatures
{
    public const int HeadUnits = 2048;
    public const int TailUnits = 1024;

    /// <summary>How near to an end letters are read as n-grams: over the whole text they would be most of the cost.</summary>
    public const int GramUnits = 384;

    private const uint NoWord = 0;
    private readonly CueLexicon _cues;
    private readonly ReadOnlySpan<ulong> _filter;
    private readonly int _length;
    private TextShape _shape;
    private uint _previousWord;
    private uint _previousPair;

    private TextFeatures(CueLexicon cues, int length)
    {
        _cues = cues;
        _filter = cues.Filter;
        _length = length;
    }

    /// <summary>Fills a cleared set. A blank text reads as an empty one.</summary>
    public static void Read(ReadOnlySpan<char> text, ref FeatureSet features)
    {
        text = text.IsWhiteSpace() ? [] : text;
        var reader = new TextFeatures(CueLexicon.Shared, text.Length);
        if (text.Length < HeadUnits + TailUnits)
        {
            reader.ReadPart(text, 0, text.Length, ref features);
        }
        else
        {
            reader.ReadPart(text, 0, HeadUnits, ref features);
            reader.ReadPart(text, text.Length - TailUnits, text.Length, ref features);
        }

        reader._shape.Write(text, features.Dense);
    }

    // What changes with every unit is kept in locals: as fields they would be written to memory and read back two thousand times a prompt.
    private void ReadPart(ReadOnlySpan<char> text, int start, int end, ref FeatureSet features)
    {
        ref var kinds = ref MemoryMarshal.GetArrayDataReference(CharKinds.Kinds);
        var folds = CharKinds.Folds;
        var lastGrams = text.Length - GramUnits;
        var state = FeatureHash.WordSeed;
        var letters = 0;
        ulong window = ' ';
        _previousWord = NoWord;
        _previousPair = NoWord;
        _shape.Units += end - start;
        for (var i = start; i < end; i++)
        {
            var unit = text[i];
            var kind = Unsafe.Add(ref kinds, unit);
            var nearEnd = i < GramUnits || i >= lastGrams;
            if (kind is CharKinds.Letter or CharKinds.Digit or CharKinds.Hangul)
            {
                // Numbers differ in every request; only their length is a habit of a task.
                var folded = kind == CharKinds.Letter ? unit < folds.Length ? folds[unit] : CharKinds.Fold(unit) : kind == CharKinds.Digit ? '0' : unit;
                window = (window << 16) | folded;
                state = FeatureHash.Step(state, folded);
                _shape.Numbers += letters == 0 && kind == CharKinds.Digit ? 1 : 0;
                letters++;
                if (letters is >= 4 and <= 8)
                {
                    NoteCue(CueLexicon.PrefixKey(state), i, ref features);
                }

                if (kind == CharKinds.Hangul)
                {
                    AddUnspaced(window, i, ref features);
                }
                else
                {
                    _shape.Digits += kind == CharKinds.Digit ? 1 : 0;
                    AddGrams(window, nearEnd, ref features);
                }

                continue;
            }

            if (letters > 0)
            {
                EndWord(FeatureHash.Word(state), i, ref features);
                state = FeatureHash.WordSeed;
                letters = 0;
            }

            if (kind == CharKinds.Ideograph)
            {
                window = (window << 16) | unit;
                AddUnspaced(window, i, ref features);
                continue;
            }

            if (unit != ' ')
            {
                _shape.NoteMark(text, i);
            }

            if (kind != CharKinds.Space)
            {
                window = (window << 16) | CharKinds.Fold(unit);
                AddGrams(window, nearEnd, ref features);
            }
            else if ((char)window != ' ')
            {
                window = (window << 16) | ' ';
                AddGrams(window, nearEnd, ref features);
            }
        }

        if (letters > 0)
        {
            EndWord(FeatureHash.Word(state), end, ref features);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGrams(ulong window, bool nearEnd, ref FeatureSet features)
    {
        if (nearEnd)
        {
            features.Add(FeatureHash.Gram(window, 3));
            features.Add(FeatureHash.Gram(window, 4));
        }
    }

    private readonly void AddUnspaced(ulong window, int position, ref FeatureSet features)
    {
        features.Add(FeatureHash.Gram(window, 1));
        var two = FeatureHash.Gram(window, 2);
        var three = FeatureHash.Gram(window, 3);
        features.Add(two);
        features.Add(three);
        NoteCue(two, position, ref features);
        NoteCue(three, position, ref features);
        NoteCue(FeatureHash.Gram(window, 4), position, ref features);
    }

    private void EndWord(uint word, int position, ref FeatureSet features)
    {
        features.Add(word);
        NoteCue(word, position, ref features);
        var pair = NoWord;
        if (_previousWord != NoWord)
        {
            pair = FeatureHash.WordPair(_previousWord, word);
            features.Add(pair);
            NoteCue(pair, position, ref features);
            if (_previousPair != NoWord)
            {
                NoteCue(FeatureHash.WordPair(_previousPair, word), position, ref features);
            }
        }

        _previousWord = word;
        _previousPair = pair;
        _shape.Words++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void NoteCue(uint key, int position, ref FeatureSet features)
    {
        if (CueLexicon.MayHold(_filter, key))
        {
            NoteHeldCue(key, position, ref features);
        }
    }

    private readonly void NoteHeldCue(uint key, int position, ref FeatureSet features)
    {
        for (var slot = _cues.Find(key); slot >= 0; slot = _cues.Next(key, slot))
        {
            DenseFeatures.NoteCue(features.Dense, _cues.Concept(slot), position, _length);
        }
    }
}
