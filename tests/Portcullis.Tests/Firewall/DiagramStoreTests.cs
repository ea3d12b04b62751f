using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Firewall;
using Xunit;

namespace Portcullis.Tests.Firewall;

/// <summary>The laws of diagrams, against functions that are written out value by value.</summary>
public sealed class DiagramStoreTests
{
    private const int Dimensions = 3;
    private const int Values = 5; // 0 to 3, and all others

    [Fact]
    public void Equal_functions_are_one_number_however_they_were_made()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            DiagramStore store = new(1_000_000);
            Dictionary<string, int> known = [];
            for (int at = 0; at < 30; at++)
            {
                int diagram = Made(store, random, 3);
                string table = Table(store, diagram);
                Assert.Equal(known.GetValueOrDefault(table, diagram), diagram);
                known[table] = diagram;
            }

            Assert.True(known.Count > 5);
        }
    }

    [Fact]
    public void Then_is_the_first_but_where_it_falls_through_the_second()
    {
        Laws((store, random) =>
        {
            (int first, int second, int third) = (Made(store, random, 3), Made(store, random, 3), Made(store, random, 3));
            Assert.Equal(store.Then(store.Then(first, second), third), store.Then(first, store.Then(second, third)));
            Assert.Equal(first, store.Then(first, DiagramStore.End(DiagramStore.Fall)));
            Assert.Equal(first, store.Then(DiagramStore.End(DiagramStore.Fall), first));
            Each((packet, _) => Assert.Equal(
                At(store, first, packet) == DiagramStore.Fall ? At(store, second, packet) : At(store, first, packet),
                At(store, store.Then(first, second), packet)));
        });
    }

    [Fact]
    public void Bind_puts_a_function_in_the_place_of_each_end()
    {
        Laws((store, random) =>
        {
            int function = Made(store, random, 3);
            int[] others = [.. Enumerable.Range(0, 4).Select(_ => Made(store, random, 2))];
            int bound = store.Bind(function, outcome => others[outcome]);
            Each((packet, _) => Assert.Equal(At(store, others[At(store, function, packet)], packet), At(store, bound, packet)));
            Assert.Equal(function, store.Bind(function, DiagramStore.End));
        });
    }

    [Fact]
    public void Bind_asks_for_each_outcome_once()
    {
        DiagramStore store = new(1_000_000);
        int function = store.Branch(0, [.. Enumerable.Range(0, 1000).Select(at => at == 999 ? ulong.MaxValue : (ulong)at)], [.. Enumerable.Range(0, 1000).Select(at => DiagramStore.End(at % 3))]);
        int asked = 0;
        store.Bind(function, outcome =>
        {
            asked++;
            return DiagramStore.End(outcome + 3);
        });
        Assert.Equal(3, asked);
    }

    [Fact]
    public void Branch_chooses_by_a_dimension_whatever_its_functions_ask()
    {
        Laws((store, random) =>
        {
            int[] functions = [.. Enumerable.Range(0, 3).Select(_ => Made(store, random, 3))];
            int dimension = random.Next(Dimensions);
            int branch = store.Branch(dimension, [1, 2, ulong.MaxValue], functions);
            Each((packet, _) => Assert.Equal(At(store, functions[packet[dimension] <= 1 ? 0 : packet[dimension] == 2 ? 1 : 2], packet), At(store, branch, packet)));
        });
    }

    [Fact]
    public void Too_many_intervals_are_too_complex()
    {
        DiagramStore store = new(100);
        ulong[] lasts = [.. Enumerable.Range(0, 101).Select(at => at == 100 ? ulong.MaxValue : (ulong)at)];
        Assert.Throws<TooComplexException>(() => store.Branch(0, lasts, [.. lasts.Select((_, at) => DiagramStore.End(at))]));
        Assert.Equal(99, new DiagramStore(100).Branch(0, lasts[..99].Append(ulong.MaxValue).ToArray(), [.. Enumerable.Range(0, 100).Select(at => DiagramStore.End(at))]) + 99);
    }

    private static void Laws(Action<DiagramStore, Random> law)
    {
        for (int seed = 0; seed < 400; seed++)
        {
            law(new DiagramStore(1_000_000), new Random(seed));
        }
    }

    private static int Made(DiagramStore store, Random random, int depth)
    {
        if (depth == 0 || random.Next(4) == 0)
        {
            return DiagramStore.End(random.Next(4));
        }

        ulong[] lasts = [.. Enumerable.Range(0, 4).Where(_ => random.Next(2) == 0).Select(at => (ulong)at), ulong.MaxValue];
        return store.Branch(random.Next(Dimensions), lasts, [.. lasts.Select(_ => Made(store, random, depth - 1))]);
    }

    private static string Table(DiagramStore store, int diagram)
    {
        List<int> outcomes = [];
        Each((packet, _) => outcomes.Add(At(store, diagram, packet)));
        return string.Join(',', outcomes);
    }

    private static void Each(Action<ulong[], int> act)
    {
        ulong[] values = [0, 1, 2, 3, ulong.MaxValue];
        for (int number = 0; number < Values * Values * Values; number++)
        {
            act([values[number % Values], values[number / Values % Values], values[number / Values / Values]], number);
        }
    }

    private static int At(DiagramStore store, int diagram, ulong[] packet)
    {
        while (!DiagramStore.IsEnd(diagram))
        {
            int at = 0;
            while (store.LastsOf(diagram)[at] < packet[store.DimensionOf(diagram)])
            {
                at++;
            }

            diagram = store.ChildrenOf(diagram)[at];
        }

        return DiagramStore.OutcomeOf(diagram);
    }
}
