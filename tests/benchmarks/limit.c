/* What this machine can do at most: rollouts of a uniform policy in an open, slippery grid world, written plainly.
 *
 * A step does what REINFORCE needs of a step and nothing else: draw an action from the policy's cumulative
 * probabilities and one of three outcomes, look up where that leads, what it pays and whether it ends there, and
 * write the step down.  On the way back through an episode the return to go is added to the credit of each
 * (state, action).  Forward, a slip goes to either side with 1/3 each.
 *
 *     gcc -O3 -march=native -fopenmp limit.c -o limit
 *     OMP_NUM_THREADS=2 ./limit SIDE CAP EPISODES
 *
 * prints one line of JSON: steps, seconds by the clock, seconds of processor time of all threads, and the sum of
 * all credit, so that no work can be left out.
 */
#include <omp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ACTIONS 4
#define OUTCOMES 3

typedef struct {
    int32_t next;
    float reward;
    int ends;
} Outcome;

typedef struct {
    int side, cap;
    float (*policy)[ACTIONS];              /* per state: cumulative probabilities of the actions */
    Outcome (*outcome)[ACTIONS][OUTCOMES]; /* per state and action, each with probability 1/3 */
} World;

static int clipped(int value, int size) { return value < 0 ? 0 : value >= size ? size - 1 : value; }

static World open_world(int side, int cap) {
    static const int down[ACTIONS] = {-1, 0, 1, 0}, right[ACTIONS] = {0, 1, 0, -1};
    int cells = side * side;
    World world = {side, cap, malloc(cells * sizeof *world.policy), malloc(cells * sizeof *world.outcome)};
    for (int cell = 0; cell < cells; cell++)
        for (int action = 0; action < ACTIONS; action++) {
            world.policy[cell][action] = (action + 1) / (float)ACTIONS;
            for (int turn = -1; turn <= 1; turn++) {
                int direction = (action + turn + ACTIONS) % ACTIONS;
                int row = clipped(cell / side + down[direction], side);
                int column = clipped(cell % side + right[direction], side);
                int next = row * side + column, goal = next == cells - 1;
                world.outcome[cell][action][turn + 1] = (Outcome){next, goal ? 1.0f : 0.0f, goal};
            }
        }
    return world;
}

/* The next 64 random bits of a stream (splitmix64). */
static inline uint64_t draw(uint64_t *stream) {
    uint64_t bits = *stream += 0x9e3779b97f4a7c15u;
    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
    return bits ^ bits >> 31;
}

/* One episode; adds its credit, and returns its length. */
static int episode(const World *world, uint64_t stream, int32_t *place, float *reward, double *credit) {
    const float unit = 1.0f / (1 << 24), discount = 0.99f;
    int cell = 0, length = 0, over = 0;
    while (length < world->cap && !over) {
        uint64_t bits = draw(&stream);
        float first = (bits >> 40) * unit, second = (bits & 0xffffff) * unit;
        const float *policy = world->policy[cell];
        int action = (first >= policy[0]) + (first >= policy[1]) + (first >= policy[2]);
        const Outcome *what = &world->outcome[cell][action][(second >= 1 / 3.0f) + (second >= 2 / 3.0f)];
        place[length] = cell * ACTIONS + action;
        reward[length++] = what->reward;
        cell = what->next;
        over = what->ends;
    }
    float to_go = 0;
    for (int t = length - 1; t >= 0; t--) {
        to_go = reward[t] + discount * to_go;
        credit[place[t]] += to_go;
    }
    return length;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + 1e-9 * time.tv_nsec;
}

int main(int count, char **argument) {
    if (count != 4) {
        fprintf(stderr, "usage: %s SIDE CAP EPISODES\n", argument[0]);
        return 2;
    }
    World world = open_world(atoi(argument[1]), atoi(argument[2]));
    long episodes = atol(argument[3]), steps = 0;
    int places = world.side * world.side * ACTIONS;
    double sum = 0, began = now();
    clock_t used = clock();
#pragma omp parallel reduction(+ : steps, sum)
    {
        double *credit = calloc(places, sizeof *credit);
        int32_t *place = malloc(world.cap * sizeof *place);
        float *reward = malloc(world.cap * sizeof *reward);
#pragma omp for schedule(static)
        for (long i = 0; i < episodes; i++)
            steps += episode(&world, (uint64_t)(i + 1) * 0xd1342543de82ef95u, place, reward, credit);
        for (int i = 0; i < places; i++) sum += credit[i];
    }
    double seconds = now() - began, processor = (double)(clock() - used) / CLOCKS_PER_SEC;
    printf("{\"steps\": %ld, \"seconds\": %.9f, \"processor\": %.9f, \"credit\": %.6g}\n", steps, seconds, processor, sum);
    return 0;
}
